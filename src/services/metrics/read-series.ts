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

/** Per metric the value at the greatest step of the default view that is not above `step`; telemetry is left out. */
export function readValuesAt(
  head: RunHead,
  step: number,
  isTelemetry: (metricId: number) => boolean,
): Map<number, number> {
  const found = new Map<number, { step: number; value: number }>()
  const view = viewOf(head)
  for (const row of head.rows) {
    const { from, to } = view(row.attempt, false)
    scanBatch(row.data, null, (id, steps, _times, values) => {
      if (isTelemetry(id)) return
      for (let i = 0; i < steps.length; i++) {
        const at = steps[i] as number
        if (at < from || at >= to || at > step) continue
        const best = found.get(id)
        if (!best || at >= best.step) found.set(id, { step: at, value: values[i] as number })
      }
    })
  }
  return new Map([...found].map(([id, { value }]) => [id, value]))
}
