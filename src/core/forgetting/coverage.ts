/** Below this share of present cells a mean is not told: it would speak of other benchmarks than it names. */
export const COVERAGE_MIN = 0.8

/** True when `present` of `total` cells are enough for a mean. Nothing of nothing is not. */
export const isCovered = (present: number, total: number): boolean => total > 0 && present / total >= COVERAGE_MIN

/** The mean; null of nothing. */
export const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, v) => sum + v, 0) / values.length
