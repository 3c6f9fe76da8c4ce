import type { BenchmarkKind, BenchmarkRole } from './benchmarks.ts'

export type Reading = 'gained' | 'lost' | 'no_difference_found' | 'no_interval'
export type Budget = 'no' | 'estimate' | 'certain'

/** Level of every test, two-sided. */
export const ALPHA = 0.05

/**
 * What a change says: gained or lost when p (adjusted over the stage for what should be kept) is below 0.05 and the change has
 * a direction; otherwise that no difference was found, which is not the same as that there is none.
 *
 * @param utility orientation × change: negative is worse
 */
export function readChange(utility: number, p: number | null): Reading {
  if (p === null) return 'no_interval'
  if (p >= ALPHA || utility === 0) return 'no_difference_found'
  return utility > 0 ? 'gained' : 'lost'
}

/**
 * True when no difference was found and the one seen is smaller than what such a comparison finds in four of five cases: the benchmark
 * could not have shown it, and that must be said, with the smallest detectable difference, where one would read "nothing lost". Only
 * equivalence (`equivalenceP`) shows that nothing was lost.
 *
 * @param p not adjusted
 * @param detectable in the unit of `change`
 */
export const couldNotShow = (change: number, p: number | null, detectable: number | null): boolean =>
  p !== null && detectable !== null && p > ALPHA && Math.abs(change) < detectable

/** True when the whole interval of a change lies on one side of no change. */
export const isBeyond = (low: number | null, high: number | null): boolean =>
  low !== null && high !== null && (low > 0 || high < 0)

/**
 * Largest loss that is accepted where nobody set one: 1 point, or 0.01 nats or bits per byte. Null for what a stage aims at and
 * for scales on which no margin is known.
 */
export function defaultTolerance(role: BenchmarkRole | null, kind: BenchmarkKind, scale: 1 | 100): number | null {
  if (role !== 'retention' && role !== 'safety') return null
  if (kind === 'loss') return 0.01
  return kind === 'accuracy' || kind === 'rate' ? 0.01 * scale : null
}

/**
 * Does a loss exceed what is accepted? `certain`: the whole interval lies beyond; `estimate`: the value does, the interval
 * does not (or there is none).
 *
 * @param utility orientation × change; `worst…best` its interval in utility
 */
export function overBudget(
  utility: number,
  interval: { low: number | null; high: number | null },
  orientation: 1 | -1,
  tolerance: number,
): Budget {
  const best = orientation === 1 ? interval.high : interval.low
  if (best !== null && orientation * best < -tolerance) return 'certain'
  return utility < -tolerance ? 'estimate' : 'no'
}
