/** What BLEU needs of one output: tokens of output and reference, and per n-gram order 1…4 the matched and all n-grams. */
export interface BleuCounts {
  hypLen: number
  refLen: number
  /** Four of each, orders 1 to 4. */
  match: readonly number[]
  total: readonly number[]
}

/** Orders of n-grams. */
export const BLEU_ORDERS = 4

/** `min(1, exp(1 − ref/hyp))`; 0 for an empty output. */
export const brevityPenalty = (hypLen: number, refLen: number): number =>
  hypLen === 0 ? 0 : Math.min(1, Math.exp(1 - refLen / hypLen))

/**
 * `BP · exp(Σ ¼ ln p_n)` in percent (Papineni et al. 2002), unsmoothed: 0 as soon as one precision is 0.
 *
 * @param precisions of orders 1 to 4, in percent
 */
export const bleuOfPrecisions = (hypLen: number, refLen: number, precisions: readonly number[]): number =>
  precisions.some((p) => p === 0)
    ? 0
    : brevityPenalty(hypLen, refLen) * Math.exp(precisions.reduce((sum, p) => sum + Math.log(p), 0) / precisions.length)

/**
 * BLEU of a corpus in percent, from counts summed over its outputs as sacreBLEU does with `smooth:exp` and `eff:no` (Post 2018, arXiv
 * 1804.08771): the k-th order without a match counts 1/2^k matches. 0 without any match, or when no output has four tokens.
 * Tokens are counted by whoever measured; the signature in the protocol says how.
 */
export function bleuOfCounts({ hypLen, refLen, match, total }: BleuCounts): number {
  if (match.every((m) => m === 0)) return 0
  let share = 1
  const precisions = total.map((all, n) => {
    if (all === 0) return 0
    const matched = match[n] ?? 0
    if (matched > 0) return (100 * matched) / all
    share /= 2
    return (100 * share) / all
  })
  return bleuOfPrecisions(hypLen, refLen, precisions)
}
