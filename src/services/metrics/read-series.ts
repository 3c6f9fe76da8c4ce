import { attemptView, type StepRange, wholeView } from '../../core/metrics/attempt-view.ts'
import { scanBatch } from '../../core/metrics/packed-batch.ts'
import { SeriesBuilder } from '../../core/metrics/series.ts'
import type { RunHead } from './head-cache.ts'

/** Metrics that are wanted of a run; true for telemetry, of which no attempt hides another's. */
export type WantedMetrics = ReadonlyMap<number, boolean>

/** Which steps of an attempt the default view takes, for ordinary metrics and for telemetry. */
export function viewOf(head: RunHead): (attempt: number, isTelemetry: boolean) => StepRange {
  const ofAttempt = attemptView(head.attempts)
  return (attempt, isTelemetry) => (isTelemetry ? wholeView() : ofAttempt(attempt))
}

/** The default view of each wanted metric that the run has. */
export function readSeries(head: RunHead, wanted: WantedMetrics): Map<number, SeriesBuilder> {
  const builders = new Map<number, SeriesBuilder>()
  const view = viewOf(head)
  for (const row of head.rows)
    scanBatch(row.data, wanted, (id, steps, times, values) => {
      let builder = builders.get(id)
      if (!builder) {
        builder = new SeriesBuilder()
        builders.set(id, builder)
      }
      const { from, to } = view(row.attempt, wanted.get(id) === true)
      builder.push(steps, times, row.receivedAtMs, values, from, to)
    })
  return builders
}

/** Per attempt, then per metric: the points that the default view leaves out. Attempts without any are left out. */
export function readSuperseded(head: RunHead, wanted: WantedMetrics): Map<number, Map<number, SeriesBuilder>> {
  const attempts = new Map<number, Map<number, SeriesBuilder>>()
  const view = viewOf(head)
  for (const row of head.rows) {
    const { from, to } = view(row.attempt, false)
    if (from <= 0 && to === Number.POSITIVE_INFINITY) continue
    scanBatch(row.data, wanted, (id, steps, times, values) => {
      if (wanted.get(id)) return
      const builders = attempts.get(row.attempt) ?? new Map<number, SeriesBuilder>()
      attempts.set(row.attempt, builders)
      const builder = builders.get(id) ?? new SeriesBuilder()
      builders.set(id, builder)
      builder.push(steps, times, row.receivedAtMs, values, 0, Math.min(from, to))
      builder.push(steps, times, row.receivedAtMs, values, Math.max(from, to), Number.POSITIVE_INFINITY)
      if (from > to) builder.push(steps, times, row.receivedAtMs, values, to, from)
    })
  }
  return attempts
}

/** The numbers of all metrics that a run has, whatever its attempts. Values are not read. */
export function listMetrics(head: RunHead): Set<number> {
  const ids = new Set<number>()
  const collect = {
    has: (id: number) => {
      ids.add(id)
      return false
    },
  }
  for (const row of head.rows) scanBatch(row.data, collect, () => {})
  return ids
}

/**
 * The last value of every key at or before each of these steps, in the default view without telemetry; in the order of `steps`. One
 * reading of the points, however many steps there are.
 */
export function readValuesAt(
  head: RunHead,
  steps: readonly number[],
  isTelemetry: (metricId: number) => boolean,
): Map<number, number>[] {
  const bounds = [...new Set(steps)].sort((a, b) => a - b)
  // What lies after one bound and up to the next; what a span lacks is carried over from the one before it.
  const spans = bounds.map(() => new Map<number, { step: number; value: number }>())
  const view = viewOf(head)
  for (const row of head.rows) {
    const { from, to } = view(row.attempt, false)
    scanBatch(row.data, null, (id, at, _times, values) => {
      if (isTelemetry(id)) return
      for (let i = 0; i < at.length; i++) {
        const step = at[i] as number
        if (step < from || step >= to) continue
        const found = spans[firstFrom(bounds, step)]
        const best = found?.get(id)
        if (found && (!best || step >= best.step)) found.set(id, { step, value: values[i] as number })
      }
    })
  }
  for (const [i, span] of spans.entries())
    for (const [id, last] of spans[i - 1] ?? []) if (!span.has(id)) span.set(id, last)
  return steps.map((step) => new Map([...(spans[firstFrom(bounds, step)] ?? [])].map(([id, { value }]) => [id, value])))
}

/** Index of the first of these ascending bounds that is not below `step`; their number when all are. */
function firstFrom(bounds: readonly number[], step: number): number {
  let [low, high] = [0, bounds.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((bounds[middle] as number) < step) low = middle + 1
    else high = middle
  }
  return low
}
