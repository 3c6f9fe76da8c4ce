import { sixNd } from '#src/core/cost/flops.ts'
import { paramsOf } from '#src/core/cost/model-shape.ts'
import { scoringModels } from '#src/core/cost/policy-stage.ts'
import { stageFlops } from '#src/core/cost/stage-flops.ts'
import { flopsAtStart } from '#src/core/lineage/flops-at-start.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { LineageStart, Unknown } from '#src/core/lineage/start-values.ts'
import { listCostCheckpoints } from '#src/db/queries/cost/list-cost-checkpoints.ts'
import { listCostStages } from '#src/db/queries/cost/list-cost-stages.ts'
import type { AncestorEdge } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import { listPathRuns } from '#src/db/queries/runs/list-path-runs.ts'
import type { Scope } from '#src/db/scope.ts'
import { stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import type { Above } from './above-runs.ts'

/**
 * FLOPs behind each run when it began and of each of its tokens, by run id: by the rule of each stage without an attention term, as the
 * capability page draws them. Of weights from elsewhere 6ND of their card.
 */
export async function startFlops(
  ctx: Context,
  scope: Scope,
  { runs, own, edges, roots, checkpointIdOf, graph }: Above,
): Promise<Map<number, NonNullable<LineageStart['flops']>>> {
  const named = edges.flatMap((edge) => checkpointIdOf(edge) ?? [])
  const ownStages = [...new Set(own.flatMap((id) => runs.get(id)?.experimentId ?? []))]
  const { of: ends } = await stageCheckpoints(ctx, scope, ownStages)
  const [stageRows, checkpointRows, runRows] = await Promise.all([
    listCostStages(ctx.db, scope, [...roots.keys()]),
    listCostCheckpoints(ctx.db, scope, [...new Set([...named, ...[...ends.values()].map(({ id }) => id)])]),
    listPathRuns(ctx.db, scope, [...runs.keys()]),
  ])
  const stages = new Map(stageRows.map((row) => [row.id, row]))
  const checkpoints = new Map(checkpointRows.map((row) => [row.id, row]))
  const configs = new Map(runRows.map((row) => [row.id, row.config]))
  const toldBy = (checkpointId: number | undefined) => checkpoints.get(checkpointId ?? -1)?.metadata ?? {}
  const toldOf = (edge: AncestorEdge) => toldBy(checkpointIdOf(edge))
  const byParent = groupBy(edges, (edge) => edge.parent)
  const paramsOfStage = (id: number) => {
    const [edge] = byParent.get(id) ?? []
    return stages.get(id)?.params ?? (edge ? paramsOf(toldOf(edge)) : null)
  }
  const perToken = (stageId: number, told: Record<string, unknown>, runId: number | null): number | Unknown => {
    const stage = stages.get(stageId)
    if (!stage) return { why: 'its stage is gone' }
    const config = (runId === null ? undefined : configs.get(runId)) ?? {}
    const found = stageFlops(stage, told, config, scoringModels(graph.edges.get(stageId) ?? [], stageId, paramsOfStage))
    return 'reason' in found ? { why: found.reason } : found.perToken
  }
  const lineage = {
    ...graph,
    nameOf: (id: number) => stages.get(id)?.name ?? 'a stage',
    isUntrained: (id: number) => ['merge', 'prompt_only'].includes(stages.get(id)?.stageKind ?? ''),
    perToken: (edge: AncestorEdge) => perToken(edge.parent, toldOf(edge), graph.checkpointOf(edge)?.runId ?? null),
    ofCard: (edge: AncestorEdge) => {
      const params = paramsOfStage(edge.parent)
      const tokens = graph.checkpointOf(edge)?.tokens ?? null
      if (params === null) return { why: 'its card tells no parameters' }
      return tokens === null ? { why: 'its card tells no tokens' } : sixNd(params, tokens)
    },
  }
  const before = flopsAtStart(lineage)
  return new Map(
    own.flatMap((id) => {
      const run = runs.get(id)
      if (!run) return []
      const atStart = before(run.experimentId)
      const rate = perToken(run.experimentId, toldBy(ends.get(run.experimentId)?.id), id)
      return [
        [
          id,
          typeof atStart !== 'number' ? atStart : typeof rate !== 'number' ? rate : { atStart, perToken: rate },
        ] as const,
      ]
    }),
  )
}
