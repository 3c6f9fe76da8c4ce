import { onScale } from '#src/core/evaluations/on-scale.ts'
import { scaleOf } from '#src/core/forgetting/common-unit.ts'
import { normalise } from '#src/core/forgetting/normalise.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { principalEdge } from '#src/core/lineage/weight-path.ts'
import { type CheckpointViewRow, listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { type EvaluationViewRow, listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { listMixtures, type MixtureRow } from '#src/db/queries/experiments/list-mixtures.ts'
import type { Bought, BoughtCell, BoughtStage } from '#src/protocol/bought.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { Context } from '#src/services/context.ts'
import { type Cell, cellsOf } from '#src/services/evaluations/cells.ts'
import { measure } from '#src/services/evaluations/measure.ts'
import { viewBenchmark } from '#src/services/evaluations/view.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { cardMaker, changesOf } from '#src/services/lineage/card.ts'
import { gatherGraph } from '#src/services/lineage/gather.ts'
import { openProject } from '#src/services/workspaces/open.ts'

/** Data that a mixture takes from earlier stages. */
const REPLAY_ROLE = 'replay'

/**
 * Scores of every measured checkpoint of a project by stage, the changes of each stage against where it started, and the share of
 * its data that repeats earlier data. What the stages cost is told by the cost of the project.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getBought(
  ctx: Context,
  input: { workspace?: string | undefined; project: string },
): Promise<Bought> {
  const { scope, project } = await openProject(ctx, input, 'eval:read')
  const graph = await gatherGraph(ctx, scope)
  const stages = graph.experiments.filter((row) => !row.isUnstaged)
  const rows = await listEvaluations(ctx.db, scope, { projectId: scope.projectId })
  const [measured, mixtures, checkpoints] = await Promise.all([
    measure(ctx, scope, rows),
    listMixtures(
      ctx.db,
      scope,
      stages.map((row) => row.id),
    ),
    listCheckpoints(ctx.db, scope, { ids: [...new Set(rows.map((row) => row.checkpoint_id))] }),
  ])
  const cells = new Map([...groupBy(measured, (m) => m.row.checkpoint_id)].map(([id, list]) => [id, cellsOf(list)]))
  const byStage = groupBy(checkpoints, (checkpoint) => checkpoint.experiment_id)
  const sources = groupBy(mixtures, (source) => source.experimentId)
  const card = cardMaker(ctx, project.slug, graph)
  const numbers = new Map(stages.map((row) => [row.id, row.number]))
  const targets = (id: number) =>
    (graph.roles.get(id) ?? []).filter((r) => r.role === 'target').map((r) => r.benchmarkId)
  const columns = columnsOf(rows, new Set(stages.flatMap((row) => targets(row.id))))

  const view = (row: ExperimentRow): BoughtStage => {
    const { state, tokens_total } = card(row)
    const changes = new Map(changesOf(ctx, graph, row.id).map((change) => [change.benchmark.slug, change]))
    const parent = principalEdge(graph.paths, row.id)?.parent
    const own = (byStage.get(row.id) ?? []).filter((c) => !c.deleted_at).sort((a, b) => a.step - b.step)
    return {
      experiment: refOfRow(row, project.slug),
      state,
      method: row.method,
      adapter: row.adapter?.kind ?? null,
      parent: (parent === undefined ? null : numbers.get(parent)) ?? null,
      tokens: tokens_total,
      replay: replayOf(sources.get(row.id) ?? []),
      targets: columns.filter((column) => targets(row.id).includes(column.row.benchmark_id)).map((c) => c.row.slug),
      points: own.map((checkpoint) => {
        const isOfStage = graph.stages.get(row.id)?.id === checkpoint.id
        return pointOf(checkpoint, columns, cells.get(checkpoint.id) ?? [], isOfStage ? changes : null)
      }),
    }
  }
  return {
    benchmarks: columns.map(({ row, isTarget }) => ({ ...viewBenchmark(row), is_target: isTarget })),
    stages: stages.map(view),
  }
}

interface Column {
  row: EvaluationViewRow
  isTarget: boolean
}

/** Benchmarks of the project: those that some stage aims at first, then by how many stages have them. */
function columnsOf(rows: readonly EvaluationViewRow[], targets: ReadonlySet<number>): Column[] {
  return [...groupBy(rows, (row) => row.benchmark_id).values()]
    .flatMap((of) => {
      const [row] = of
      return row
        ? [{ row, isTarget: targets.has(row.benchmark_id), stages: new Set(of.map((r) => r.experiment_id)).size }]
        : []
    })
    .sort(
      (a, b) => Number(b.isTarget) - Number(a.isTarget) || b.stages - a.stages || a.row.slug.localeCompare(b.row.slug),
    )
}

function pointOf(
  checkpoint: CheckpointViewRow,
  columns: readonly Column[],
  own: readonly Cell[],
  changes: ReadonlyMap<string, Change> | null,
): BoughtStage['points'][number] {
  return {
    checkpoint: { id: checkpoint.uid, step: checkpoint.step },
    of_stage: changes !== null,
    cells: columns.map(({ row }) => {
      const cell = own.find((c) => c.row.benchmark_id === row.benchmark_id)
      return cell ? cellOf(cell, row.scale, changes?.get(row.slug)) : null
    }),
  }
}

/** @param scale as the newest score of the column counts: the points of one picture count alike */
function cellOf(cell: Cell, scale: Column['row']['scale'], change: Change | undefined): BoughtCell {
  const to = <Value extends number | null>(value: Value) => onScale(value, cell.row.scale, scale)
  return {
    score: to(cell.score),
    low: to(cell.interval.low),
    high: to(cell.interval.high),
    n: cell.row.n,
    fingerprint: cell.row.fingerprint,
    normal: normalOf(cell),
    change: change
      ? {
          change: to(change.change),
          utility: to(change.utility),
          low: to(change.low),
          high: to(change.high),
          role: change.role,
          reason: change.reason,
          reading: change.reading,
        }
      : null,
  }
}

function normalOf({ row, score, interval: { se } }: Cell): BoughtCell['normal'] {
  const scale = scaleOf(row)
  if (!scale) return null
  return { score: normalise(score, scale), se: se === null ? null : se / Math.abs(scale.best - scale.chance) }
}

function replayOf(sources: readonly MixtureRow[]): number | null {
  if (sources.length === 0) return null
  return sources.reduce((sum, { role, share }) => sum + (role === REPLAY_ROLE ? Number(share) : 0), 0)
}
