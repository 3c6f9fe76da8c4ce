/** All that the lineage of a project shows, read in a fixed number of statements however many stages there are. */
import type { ExperimentStanding } from '#src/core/experiments/experiment-state.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { LOSS_KEYS, SPEED_KEYS, TOKEN_KEYS } from '#src/core/lineage/loss-keys.ts'
import { type PathEdge, principalEdge } from '#src/core/lineage/weight-path.ts'
import { listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import { listBenchmarksById, type MeasuredBenchmark } from '#src/db/queries/evaluations/list-measured.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { type BenchmarkRoleRow, listBenchmarkRoles } from '#src/db/queries/experiments/list-benchmark-roles.ts'
import { listExperiments } from '#src/db/queries/experiments/list-experiments.ts'
import type { WorkRow } from '#src/db/queries/experiments/list-work.ts'
import { listStageBudgets, type StageBudgetRow } from '#src/db/queries/forgetting/stage-budgets.ts'
import { countEvaluations } from '#src/db/queries/lineage/count-evaluations.ts'
import { type EdgeViewRow, listEdges } from '#src/db/queries/lineage/list-edges.ts'
import { listStageRuns, type StageRunRow } from '#src/db/queries/lineage/list-stage-runs.ts'
import { type DeviceRow, sumDevices } from '#src/db/queries/lineage/sum-devices.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { MetricSummary } from '#src/protocol/metrics.ts'
import { type StageCheckpoint, stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import { type Cell, cellsOf } from '#src/services/evaluations/cells.ts'
import { measure } from '#src/services/evaluations/measure.ts'
import { standingsOf } from '#src/services/experiments/standings.ts'
import { type Addresses, addressesOf } from '#src/services/workspaces/addresses.ts'
import { type LossLine, lossLines } from './loss-lines.ts'

/** An edge with what paths and baselines need. */
export interface GraphEdge extends PathEdge {
  checkpointId: number | null
}

export interface ProjectGraph {
  experiments: readonly ExperimentRow[]
  edges: readonly EdgeViewRow[]
  paths: readonly GraphEdge[]
  standings: ReadonlyMap<number, ExperimentStanding>
  work: ReadonlyMap<number, WorkRow[]>
  runs: ReadonlyMap<number, StageRunRow>
  devices: ReadonlyMap<number, DeviceRow[]>
  evaluations: ReadonlyMap<number, number>
  /** Also of parents in other projects. */
  stages: ReadonlyMap<number, StageCheckpoint>
  checkpoints: ReadonlyMap<number, number>
  /** Tokens and step of checkpoints that edges name. */
  roles: ReadonlyMap<number, BenchmarkRoleRow[]>
  /** Definitions of the benchmarks that stages name. */
  named: readonly MeasuredBenchmark[]
  budgets: readonly StageBudgetRow[]
  /** By checkpoint id: of every stage's checkpoint and of those that edges name. */
  cells: ReadonlyMap<number, Cell[]>
  summaries: ReadonlyMap<number, MetricSummary[]>
  losses: ReadonlyMap<number, LossLine>
  lastWriteMs: number | null
  addresses: Addresses
}

/** Stages of a project that a lineage shows at most. */
export const STAGES_MAX = 2000

/** Reads the project's graph. */
export async function gatherGraph(ctx: Context, scope: ProjectScope): Promise<ProjectGraph> {
  const { db } = ctx
  const [experiments, edges, runRows, deviceRows, evaluations] = await Promise.all([
    listExperiments(db, scope, { limit: STAGES_MAX }),
    listEdges(db, scope),
    listStageRuns(db, scope),
    sumDevices(db, scope),
    countEvaluations(db, scope),
  ])
  const paths = edges.map(pathOf)
  const ids = new Set([...experiments.map((x) => x.id), ...paths.flatMap((e) => [e.child, e.parent])])
  const runIds = runRows.map((run) => run.id)
  const keys = [...LOSS_KEYS, ...TOKEN_KEYS, ...SPEED_KEYS]
  const [{ standings, work }, chosen, roleRows, summaries, lastWriteMs, addresses, budgets] = await Promise.all([
    standingsOf(ctx, scope, experiments),
    stageCheckpoints(ctx, scope, [...ids]),
    listBenchmarkRoles(db, scope, [...ids]),
    ctx.services.metrics.summaries(scope.workspaceId, runIds, keys),
    ctx.services.metrics.lastWrite(runIds),
    addressesOf(ctx, scope),
    listStageBudgets(db, scope, [...ids]),
  ])
  const [cells, losses, named] = await Promise.all([
    readCells(ctx, scope, chosen.of, paths),
    lossLines(ctx, scope, runRows, summaries),
    listBenchmarksById(db, scope, [...new Set(roleRows.map((row) => row.benchmarkId))]),
  ])
  return {
    experiments,
    edges,
    paths,
    standings,
    work,
    runs: new Map(runRows.map((run) => [run.experiment_id, run])),
    devices: groupBy(deviceRows, (row) => row.experiment_id),
    evaluations,
    stages: chosen.of,
    checkpoints: chosen.totals,
    roles: groupBy(roleRows, (row) => row.experimentId),
    named,
    budgets,
    cells,
    summaries,
    losses,
    lastWriteMs,
    addresses,
  }
}

const pathOf = (edge: EdgeViewRow): GraphEdge => ({
  child: edge.child.id,
  parent: edge.parent.id,
  kind: edge.kind,
  weight: edge.weight,
  checkpointId: edge.checkpoint_id,
})

async function readCells(
  ctx: Context,
  scope: ProjectScope,
  stages: ReadonlyMap<number, StageCheckpoint>,
  paths: readonly GraphEdge[],
): Promise<Map<number, Cell[]>> {
  const checkpointIds = new Set([...stages.values()].map((stage) => stage.id))
  for (const edge of paths) if (edge.checkpointId !== null) checkpointIds.add(edge.checkpointId)
  return cellsOfCheckpoints(ctx, scope, [...checkpointIds])
}

/** The cells of checkpoints, by checkpoint id. */
export async function cellsOfCheckpoints(
  ctx: Context,
  scope: ProjectScope,
  checkpointIds: readonly number[],
): Promise<Map<number, Cell[]>> {
  const rows = await listEvaluations(ctx.db, scope, { checkpointIds })
  const measured = await measure(ctx, scope, rows)
  const byCheckpoint = groupBy(measured, (m) => m.row.checkpoint_id)
  return new Map([...byCheckpoint].map(([id, list]) => [id, cellsOf(list)]))
}

/** The checkpoint from which a stage starts: the one that its principal edge names, else its parent's checkpoint; null at a root. */
export function startOf(
  graph: Pick<ProjectGraph, 'paths' | 'stages'>,
  experimentId: number,
): { edge: GraphEdge; checkpointId: number | null } | null {
  const edge = principalEdge(graph.paths, experimentId)
  return edge && { edge, checkpointId: edge.checkpointId ?? graph.stages.get(edge.parent)?.id ?? null }
}
