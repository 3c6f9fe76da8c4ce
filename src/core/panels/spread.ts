import { quantile } from './histogram.ts'
import type { Aggregate } from './panel-content.ts'

/** The numbers of a group in short. */
export interface Spread {
  n: number
  mean: number
  /** Of a sample; null below two values. */
  sd: number | null
  min: number
  q1: number
  median: number
  q3: number
  max: number
  sum: number
  /** The farthest values within 1.5 IQR of the box (Tukey, 1977), and those beyond, ascending. */
  lowWhisker: number
  highWhisker: number
  outliers: number[]
}

/** Null of no values. They are finite. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = [...values].sort((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  if (min === undefined || max === undefined) return null
  const n = sorted.length
  const sum = sorted.reduce((all, value) => all + value, 0)
  const mean = sum / n
  const squares = sorted.reduce((all, value) => all + (value - mean) ** 2, 0)
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share)) as [number, number, number]
  const reach = 1.5 * (q3 - q1)
  const inside = sorted.filter((value) => value >= q1 - reach && value <= q3 + reach)
  return {
    ...{ n, mean, sd: n < 2 ? null : Math.sqrt(squares / (n - 1)), min, q1, median, q3, max, sum },
    lowWhisker: inside[0] ?? min,
    highWhisker: inside.at(-1) ?? max,
    outliers: sorted.filter((value) => value < q1 - reach || value > q3 + reach),
  }
}

/** One number for a group. */
export function aggregated(spread: Spread, aggregate: Aggregate): number {
  return aggregate === 'count' ? spread.n : spread[aggregate]
}
