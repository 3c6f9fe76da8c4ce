import { attemptView, type StepRange, wholeView } from '../../core/metrics/attempt-view.ts'
import { scanBatch } from '../../core/metrics/packed-batch.ts'
import type { RunHead } from './head-cache.ts'

/** Which steps of an attempt the default view takes, for ordinary metrics and for telemetry. */
export function viewOf(head: RunHead): (attempt: number, isTelemetry: boolean) => StepRange {
  const ofAttempt = attemptView(head.attempts)
  return (attempt, isTelemetry) => (isTelemetry ? wholeView() : ofAttempt(attempt))
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
