import type { Orientation } from '../metrics/orientation.ts'

/** A number as metrics have it; null: there is none. */
export type MetricNumber = number | 'NaN' | 'Infinity' | '-Infinity' | null

export interface MetricChange {
  /** New − baseline. */
  delta: number
  /** `unknown`: nobody said which values are better. */
  verdict: 'better' | 'worse' | 'same' | 'unknown'
}

/**
 * How a value stands to the baseline's, as a reader would subtract, and whether that is better by the metric's direction. Null where
 * either is missing or not finite: there is nothing to subtract.
 */
export function metricChange(
  value: MetricNumber,
  baseline: MetricNumber,
  orientation: Orientation | null,
): MetricChange | null {
  if (typeof value !== 'number' || typeof baseline !== 'number') return null
  if (!Number.isFinite(value) || !Number.isFinite(baseline)) return null
  const delta = value - baseline
  if (delta === 0) return { delta: 0, verdict: 'same' }
  if (orientation === null) return { delta, verdict: 'unknown' }
  return { delta, verdict: delta > 0 === (orientation === 'higher') ? 'better' : 'worse' }
}
