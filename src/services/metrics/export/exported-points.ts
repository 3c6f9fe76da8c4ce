import { attemptView, type StepRange, wholeView } from '../../../core/metrics/attempt-view.ts'
import type { ExportPlace } from '../../../core/metrics/export-place.ts'
import { isTelemetryKey } from '../../../core/metrics/metric-key.ts'
import type { PointRows } from '../../../core/metrics/point-rows.ts'
import { type ExportRun, listExportRuns, type NamedRuns } from '../../../db/queries/runs/list-export-runs.ts'
import type { ProjectScope } from '../../../db/scope.ts'
import type { Context } from '../../context.ts'

/** What is exported, checked. */
export interface ExportPlan {
  scope: ProjectScope
  /** Null: all runs of the project. */
  named: NamedRuns | null
  /** Null: all. */
  metrics: ReadonlySet<string> | null
  attempts: 'view' | 'all'
  /** First and last step. */
  from: number
  to: number
  after: ExportPlace | null
  limit: number
}

const RUNS_PER_PAGE = 200

/** The points of a plan, in pieces of one series and attempt each, and never more rows than its limit. */
export async function* exportedPoints(ctx: Context, plan: ExportPlan): AsyncGenerator<PointRows> {
  let left = plan.limit
  for await (const run of runsOf(ctx, plan))
    for await (const points of pointsOfRun(ctx, plan, run)) {
      const n = points.steps.length
      if (n === 0) continue
      yield n <= left ? points : cut(points, left)
      left -= n
      if (left <= 0) return
    }
}

async function* runsOf(ctx: Context, { scope, named, after }: ExportPlan): AsyncGenerator<ExportRun> {
  let last = after ? after.run - 1 : 0
  for (;;) {
    const page = await listExportRuns(ctx.services.db, scope, { named, after: last, limit: RUNS_PER_PAGE })
    yield* page
    if (page.length < RUNS_PER_PAGE) return
    last = page.at(-1)?.number ?? last
  }
}

async function* pointsOfRun(ctx: Context, plan: ExportPlan, run: ExportRun): AsyncGenerator<PointRows> {
  const { metrics } = ctx.services
  const after = plan.after?.run === run.number ? plan.after : null
  const { starts, series } = await metrics.series(plan.scope.workspaceId, run.id)
  const viewOf = attemptView(starts)
  for (const { id, key, attempts } of series) {
    if ((plan.metrics && !plan.metrics.has(key)) || (after && key < after.metric)) continue
    for (const attempt of attempts) {
      const isAfterPlace = after?.metric !== key || attempt > after.attempt
      if (!isAfterPlace && attempt < (after?.attempt ?? 0)) continue
      const view = isTelemetryKey(key) ? wholeView() : viewOf(attempt)
      const from = Math.max(plan.from, isAfterPlace ? 0 : (after?.step ?? -1) + 1)
      const range = meet({ from, to: plan.to + 1 }, plan.attempts === 'view' ? view : wholeView())
      if (range.from > range.to) continue
      const shown = plan.attempts === 'all' ? view : null
      for await (const { steps, times, values } of metrics.raw(run.id, id, { attempt, ...range }))
        yield { run: run.number, runUid: run.uid, metric: key, attempt, steps, times, values, shown }
    }
  }
}

/** The first and the last step that lie in both. */
const meet = (a: StepRange, b: StepRange) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) - 1 })

const cut = (points: PointRows, n: number): PointRows => ({
  ...points,
  steps: points.steps.subarray(0, n),
  times: points.times.subarray(0, n),
  values: points.values.subarray(0, n),
})
