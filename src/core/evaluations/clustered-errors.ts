import { meanError } from './mean-error.ts'

/** Standard errors of a mean in the forms that papers and harnesses print, in the unit of the scores. */
export interface ClusteredErrors {
  mean: number
  n: number
  clusters: number
  /** As if every item stood alone: sample SD / √n. */
  clt: number
  /** Miller 2024 (arXiv 2411.00640): `SE² = SE_CLT² + Σ_c Σ_{i≠j∈c} (s_i − s̄)(s_j − s̄) / n²`. */
  miller: number
  /** `sqrt(Σ_c (Σ_{i∈c}(s_i − s̄))²) / n`. */
  cr0: number
  /** The Inspect harness and the default here: CR0 · sqrt(C/(C−1)). Null with one cluster. */
  cr1: number | null
}

/**
 * The standard error of the mean of items that share a passage, document, template or translation, in four forms.
 *
 * @param clusters scores by cluster
 * @throws RangeError for fewer than 2 items or an empty cluster
 */
export function clusteredErrors(clusters: readonly (readonly number[])[]): ClusteredErrors {
  const empty = clusters.findIndex((scores) => scores.length === 0)
  if (empty >= 0) throw new RangeError(`clusters.${empty} is empty; leave it out.`)
  const scores = clusters.flat()
  const plain = meanError(scores)
  if (plain.se === null) throw new RangeError(`clusters holds ${scores.length} items; a standard error needs 2.`)
  const { mean, n } = plain
  const squares = scores.reduce((sum, s) => sum + (s - mean) ** 2, 0)
  const between = clusters.reduce((sum, own) => sum + own.reduce((s, score) => s + score - mean, 0) ** 2, 0)
  const labels = clusters.flatMap((own, c) => own.map(() => String(c)))
  return {
    mean,
    n,
    clusters: clusters.length,
    clt: plain.se,
    // Never negative but for rounding: SE_CLT² exceeds Σ(s_i − s̄)²/n².
    miller: Math.sqrt(Math.max(0, plain.se ** 2 + (between - squares) / n ** 2)),
    cr0: Math.sqrt(between) / n,
    cr1: meanError(scores, labels).se,
  }
}
