import { groupBy } from '#src/core/lineage/group-by.ts'
import { principalEdge } from '#src/core/lineage/weight-path.ts'
import { listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import { listExperimentIds } from '#src/db/queries/search/list-experiment-ids.ts'
import { listRunsOfCheckpoints } from '#src/db/queries/search/list-runs-of-checkpoints.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'

export interface WeightPaths {
  /** In parallel: a stage of the project, and a run whose weights its runs started from, directly or over other stages. */
  stages: number[]
  runs: number[]
  /** Projects in which those runs lie. */
  projectIds: number[]
}

/**
 * Of each stage of a project the runs on its weight path: those that wrote the checkpoints from which its stages start, up to the root.
 * Where a checkpoint is only planned, the one that stands for the parent is taken. Runs of projects that the actor may not read are left out.
 */
export async function weightPaths(ctx: Context, scope: ProjectScope): Promise<WeightPaths> {
  const own = await listExperimentIds(ctx.db, scope)
  const edges = await listAncestorEdges(ctx.db, scope, own)
  const { of } = await stageCheckpoints(ctx, scope, [...new Set(edges.map((edge) => edge.parent))])
  const named = edges.flatMap((edge) => edge.checkpointId ?? of.get(edge.parent)?.id ?? [])
  const runOf = new Map(
    (await listRunsOfCheckpoints(ctx.db, scope, [...new Set(named)]))
      .filter((row) => mayRead(ctx, row.project_id))
      .map((row) => [row.checkpoint_id, row]),
  )
  const above = groupBy(edges, (edge) => edge.child)
  const paths: WeightPaths = { stages: [], runs: [], projectIds: [] }
  for (const stage of own) {
    const seen = new Set([stage])
    for (let at = stage; ; ) {
      const edge = principalEdge(above.get(at) ?? [], at)
      if (!edge || seen.has(edge.parent)) break
      seen.add(edge.parent)
      at = edge.parent
      const run = runOf.get(edge.checkpointId ?? of.get(edge.parent)?.id ?? 0)
      if (!run) continue
      paths.stages.push(stage)
      paths.runs.push(run.run_id)
      if (!paths.projectIds.includes(run.project_id)) paths.projectIds.push(run.project_id)
    }
  }
  return paths
}

const mayRead = ({ actor }: Context, projectId: number): boolean =>
  !('projectId' in actor) || actor.projectId === null || actor.projectId === projectId
