import { lossRatio } from './loss-units.ts'

/**
 * `exp(total nats / total tokens)` over a corpus, never the mean of the documents' perplexities.
 *
 * @param losses of each document, in nats per token
 * @param tokens of each, parallel to `losses`
 * @throws RangeError when the arrays are not parallel or hold no token
 */
export function corpusPerplexity(losses: readonly number[], tokens: readonly number[]): number {
  if (losses.length !== tokens.length)
    throw new RangeError(`doc_losses has ${losses.length} entries and tokens has ${tokens.length}; give one of each.`)
  const ratio = lossRatio(
    losses.map((loss, i) => ({ id: String(i), loss: loss * (tokens[i] ?? 0), weight: tokens[i] ?? 0 })),
  )
  if (!ratio) throw new RangeError(`There are ${tokens.length === 0 ? 'no' : '0'} tokens; a perplexity needs one.`)
  return Math.exp(ratio.value)
}
