import { groupBy } from '#src/core/lineage/group-by.ts'
import { listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import type { EvaluationTable } from '#src/protocol/evaluations.ts'
import { stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import { refOf } from '#src/services/experiments/view.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { cellsOf } from './cells.ts'
import { measure } from './measure.ts'
import { viewBenchmark } from './view.ts'

/**
 * The evaluations of a project: a row per checkpoint that was measured, in the order of stages and steps, a column per benchmark.
 * Of several metrics or protocols of a benchmark on one checkpoint the newest is shown.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getEvaluationTable(
  ctx: Context,
  input: { workspace?: string | undefined; project: string },
): Promise<EvaluationTable> {
  const { scope } = await openProject(ctx, input, 'eval:read')
  const rows = await listEvaluations(ctx.db, scope, { projectId: scope.projectId })
  const measured = groupBy(await measure(ctx, scope, rows), (m) => m.row.checkpoint_id)
  const [checkpoints, { of }] = await Promise.all([
    listCheckpoints(ctx.db, scope, { ids: [...measured.keys()] }, measured.size),
    stageCheckpoints(ctx, scope, [...new Set(rows.map((row) => row.experiment_id))]),
  ])
  const columns = [...new Map(rows.map((row) => [row.benchmark_id, row])).values()].sort(
    (a, b) => a.category.localeCompare(b.category) || a.slug.localeCompare(b.slug),
  )
  checkpoints.sort((a, b) => a.experiment.number - b.experiment.number || a.step - b.step || a.id - b.id)
  return {
    benchmarks: columns.map(viewBenchmark),
    rows: checkpoints.map((checkpoint) => {
      const cells = cellsOf(measured.get(checkpoint.id) ?? [])
      return {
        experiment: refOf(checkpoint.experiment),
        checkpoint: { id: checkpoint.uid, step: checkpoint.step, tokens: checkpoint.tokens },
        of_stage: of.get(checkpoint.experiment_id)?.id === checkpoint.id,
        run: checkpoint.run && { uid: checkpoint.run.uid, number: checkpoint.run.number },
        cells: columns.map((column) => {
          const cell = cells.find((c) => c.row.benchmark_id === column.benchmark_id)
          if (!cell) return null
          const { row, interval, score, trials } = cell
          return {
            id: row.uid,
            score,
            low: interval.low,
            high: interval.high,
            n: row.n,
            n_missing: row.n_missing,
            fingerprint: row.fingerprint,
            trials,
          }
        }),
      }
    }),
  }
}
