/** A change of a loss in nats. Differences of perplexities mean nothing, their ratio does. */
export interface LossChange {
  /** after − before: positive is worse. */
  deltaNats: number
  /** Perplexity after over perplexity before: exp(Δ). */
  perplexityRatio: number
  /** Negative is worse. */
  utilityDelta: number
}

/** @param before mean loss in nats per token, as is `after` */
export function lossChange(before: number, after: number): LossChange {
  const deltaNats = after - before
  return { deltaNats, perplexityRatio: Math.exp(deltaNats), utilityDelta: -deltaNats || 0 }
}

/**
 * Mean loss in nats per token of a perplexity: ln(ppl).
 *
 * @throws RangeError when the perplexity is not above 0
 */
export function natsOfPerplexity(perplexity: number): number {
  if (!(perplexity > 0)) throw new RangeError(`a perplexity is above 0, got ${perplexity}`)
  return Math.log(perplexity)
}
