import { type TunedStage, tunedPath } from '#src/core/forgetting/instruct-retention.ts'
import { type WeightGraph, weightGraph, weightParents } from '#src/core/forgetting/weight-graph.ts'
import { principalEdge } from '#src/core/lineage/weight-path.ts'
import { listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { type BenchmarkRoleRow, listBenchmarkRoles } from '#src/db/queries/experiments/list-benchmark-roles.ts'
import { type AncestorEdge, listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import { listExperimentEnds } from '#src/db/queries/lineage/list-experiment-ends.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { ExperimentRef } from '#src/protocol/experiments.ts'
import type { StageRef } from '#src/protocol/forgetting.ts'
import { type StageCheckpoint, stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { refOf } from '#src/services/experiments/view.ts'
import { cellsOfCheckpoints } from '#src/services/lineage/gather.ts'

/** A stage and all from which its weights come, with what was measured on each. */
export interface MeasuredPath {
  graph: WeightGraph<number>
  /** Principal parents, nearest first, each with the checkpoint from which its child started; null: none was saved. */
  parents: readonly { experimentId: number; checkpointId: number | null }[]
  stages: ReadonlyMap<number, StageCheckpoint>
  /** By checkpoint id. */
  cells: ReadonlyMap<number, Cell[]>
  roles: readonly BenchmarkRoleRow[]
  /** Principal parents whose instruction following the stage should keep, the nearest first; empty where none was tuned for it. */
  tuned: readonly number[]
}

/** What stages and their checkpoints are called. */
export interface StageNames {
  ref(experimentId: number): ExperimentRef
  at(experimentId: number, checkpointId: number): StageRef
}

export type WeightPath = MeasuredPath & StageNames

/** Reads the weight path above an experiment, in a fixed number of statements however long it is. */
export async function readWeightPath(ctx: Context, scope: ProjectScope, experimentId: number): Promise<WeightPath> {
  const edges = await listAncestorEdges(ctx.db, scope, [experimentId])
  const parentsOf = weightParents(edges)
  const ids = [...new Set([experimentId, ...[...parentsOf].flatMap(([id, list]) => [id, ...list.map((p) => p.id)])])]
  const graph = weightGraph(ids, parentsOf)
  const [{ of: stages }, ends, roles] = await Promise.all([
    stageCheckpoints(ctx, scope, ids),
    listExperimentEnds(ctx.db, scope, ids),
    listBenchmarkRoles(ctx.db, scope, ids),
  ])
  const parents = startsOf(edges, [experimentId, ...graph.path(experimentId)], stages)
  const checkpointIds = [
    ...new Set([...stages.values()].map((stage) => stage.id).concat(parents.flatMap((p) => p.checkpointId ?? []))),
  ]
  const [cells, rows] = await Promise.all([
    cellsOfCheckpoints(ctx, scope, checkpointIds),
    listCheckpoints(ctx.db, scope, { ids: checkpointIds }, checkpointIds.length),
  ])
  const refs = new Map(ends.map((end) => [end.id, refOf(end)]))
  const checkpoints = new Map(rows.map((row) => [row.id, { id: row.uid, step: row.step }]))
  const ref = (id: number): ExperimentRef => {
    const known = refs.get(id)
    invariant(known, 'every stage of a weight path is there')
    return known
  }
  const stageOf = (id: number): TunedStage => {
    const { stage_kind, name } = ref(id)
    return { stageKind: stage_kind, name }
  }
  return {
    graph,
    parents,
    stages,
    cells,
    roles,
    tuned: tunedPath(graph.path(experimentId), stageOf),
    ref,
    at(id, checkpointId) {
      const checkpoint = checkpoints.get(checkpointId)
      invariant(checkpoint, 'a checkpoint of a weight path is there')
      return { experiment: ref(id), checkpoint }
    },
  }
}

/** The checkpoint of every parent on the path: the one that the edge names, else that of the stage. */
function startsOf(
  edges: readonly AncestorEdge[],
  path: readonly number[],
  stages: ReadonlyMap<number, StageCheckpoint>,
): WeightPath['parents'] {
  return path.slice(1).map((experimentId, i) => {
    const named = principalEdge(edges, path[i] ?? 0)?.checkpointId
    return { experimentId, checkpointId: named ?? stages.get(experimentId)?.id ?? null }
  })
}
