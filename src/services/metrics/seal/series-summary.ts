import type { Series } from '../../../core/metrics/series.ts'
import type { SeriesRow } from '../../../db/queries/metrics/series-row.ts'

/** Smallest or greatest finite value and its step, the first of equals. */
export interface Extreme {
  value: number
  step: number
}

export interface Extremes {
  min: Extreme | null
  max: Extreme | null
}

/** The summary that `metric_series` keeps, while points are put behind those that it covers. */
export interface SeriesSummary {
  n: number
  step0: number
  step1: number
  t0: number
  t1: number
  firstValue: number
  lastValue: number
  lastTime: number
  min: Extreme | null
  max: Extreme | null
}

/** The summary of a series as it is stored. */
export function summaryOf(series: SeriesRow): SeriesSummary {
  const { min, minStep, max, maxStep } = series
  return {
    n: series.n,
    step0: series.step0,
    step1: series.step1,
    t0: series.t0,
    t1: series.t1,
    firstValue: series.firstValue,
    lastValue: series.lastValue,
    lastTime: series.lastTime,
    min: min === null || minStep === null ? null : { value: min, step: minStep },
    max: max === null || maxStep === null ? null : { value: max, step: maxStep },
  }
}

/** A summary with points behind it whose steps are all greater; `before` is null when there were none. */
export function extendSummary(before: SeriesSummary | null, { steps, times, values }: Series): SeriesSummary {
  const last = values.length - 1
  let t0 = Number.POSITIVE_INFINITY
  let t1 = Number.NEGATIVE_INFINITY
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  let leastAt = -1
  let mostAt = -1
  for (let i = 0; i <= last; i++) {
    const time = times[i] as number
    if (time < t0) t0 = time
    if (time > t1) t1 = time
    const value = values[i] as number
    if (value - value !== 0) continue
    if (value < least) {
      least = value
      leastAt = i
    }
    if (value > most) {
      most = value
      mostAt = i
    }
  }
  const isLeast = leastAt >= 0 && least < (before?.min?.value ?? Number.POSITIVE_INFINITY)
  const isMost = mostAt >= 0 && most > (before?.max?.value ?? Number.NEGATIVE_INFINITY)
  return {
    n: (before?.n ?? 0) + values.length,
    step0: before?.step0 ?? (steps[0] as number),
    step1: steps[last] as number,
    t0: Math.min(t0, before?.t0 ?? t0),
    t1: Math.max(t1, before?.t1 ?? t1),
    firstValue: before?.firstValue ?? (values[0] as number),
    lastValue: values[last] as number,
    lastTime: times[last] as number,
    min: isLeast ? { value: least, step: steps[leastAt] as number } : (before?.min ?? null),
    max: isMost ? { value: most, step: steps[mostAt] as number } : (before?.max ?? null),
  }
}
