/**
 * The mean of scores and its standard error.
 *
 * Without clusters: sample SD / √n. With clusters (items that share a passage, document, template or translation), as the
 * Inspect harness does (CR1): `sqrt(Σ_c (Σ_{i∈c}(s_i − s̄))² · C/(C−1)) / n`, t with C−1 degrees of freedom
 * (Miller 2024, arXiv 2411.00640). One item or one cluster has no standard error.
 */
export interface MeanError {
  mean: number
  /** Null: not defined. */
  se: number | null
  n: number
  /** Null when every item stands alone. */
  clusters: number | null
  /** Degrees of freedom of its t interval. */
  df: number
}

/** @param clusters parallel to `values`; null for an item that stands alone */
export function meanError(values: readonly number[], clusters?: readonly (string | null)[]): MeanError {
  const n = values.length
  const mean = n === 0 ? Number.NaN : values.reduce((sum, v) => sum + v, 0) / n
  const sums = clusters && clusterSums(values, clusters, mean)
  if (sums) {
    const c = sums.length
    const squares = sums.reduce((sum, v) => sum + v * v, 0)
    return { mean, se: c < 2 ? null : Math.sqrt((squares * c) / (c - 1)) / n, n, clusters: c, df: c - 1 }
  }
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0)
  return { mean, se: n < 2 ? null : Math.sqrt(squares / (n * (n - 1))), n, clusters: null, df: n - 1 }
}

/** Sums of deviations per cluster; null when no two items share one. */
function clusterSums(values: readonly number[], clusters: readonly (string | null)[], mean: number): number[] | null {
  const sums = new Map<string | number, number>()
  values.forEach((value, i) => {
    const key = clusters[i] ?? i
    sums.set(key, (sums.get(key) ?? 0) + value - mean)
  })
  return sums.size === values.length ? null : [...sums.values()]
}
