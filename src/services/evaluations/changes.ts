import type { Baseline } from '#src/core/evaluations/baselines.ts'
import { ancestorsByWeight, principalEdge } from '#src/core/lineage/weight-path.ts'
import { findCheckpoint } from '#src/db/queries/checkpoints/find-checkpoint.ts'
import type { CheckpointRow } from '#src/db/queries/checkpoints/locate-checkpoint.ts'
import { listBenchmarkRoles } from '#src/db/queries/experiments/list-benchmark-roles.ts'
import { type AncestorEdge, listAncestorEdges } from '#src/db/queries/lineage/list-ancestor-edges.ts'
import { type ProjectScope, projectScope } from '#src/db/scope.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import { stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import { openCheckpoint } from '#src/services/checkpoints/open.ts'
import type { Context } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { cellsOfCheckpoints } from '#src/services/lineage/gather.ts'
import { compareCells } from './compare.ts'

export interface ChangesInput {
  checkpoint: string
  /** The checkpoint from which the stage starts, that of its root, or any other by its id. */
  baseline: Baseline | string
}

/**
 * Changes of every benchmark measured on a checkpoint against a baseline.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getChanges(ctx: Context, input: ChangesInput): Promise<Change[]> {
  const { scope, checkpoint } = await openCheckpoint(ctx, input.checkpoint, 'eval:read')
  const edges = await listAncestorEdges(ctx.db, scope, [checkpoint.experimentId])
  const path = ancestorsByWeight(edges, checkpoint.experimentId)
  const { of } = await stageCheckpoints(ctx, scope, path)
  const ancestors = path.flatMap((id) => of.get(id)?.id ?? [])
  const baseline = await baselineOf(ctx, scope, checkpoint, input.baseline, edges, path, of)
  const ids = [checkpoint.id, ...ancestors, ...(baseline === null ? [] : [baseline])]
  const [cells, roles] = await Promise.all([
    cellsOfCheckpoints(ctx, scope, [...new Set(ids)]),
    listBenchmarkRoles(ctx.db, scope, [checkpoint.experimentId]),
  ])
  const measured = [...ancestors, ...(baseline === null ? [] : [baseline])].flatMap((id) => cells.get(id) ?? [])
  return compareCells(ctx, {
    after: cells.get(checkpoint.id) ?? [],
    before: baseline === null ? null : (cells.get(baseline) ?? []),
    meanings: new Map(roles.map(({ benchmarkId, role, tolerance }) => [benchmarkId, { role, tolerance }])),
    ancestral: new Set(measured.map((cell) => cell.row.benchmark_id)),
  })
}

async function baselineOf(
  ctx: Context,
  scope: ProjectScope,
  checkpoint: CheckpointRow,
  baseline: string,
  edges: readonly AncestorEdge[],
  path: readonly number[],
  of: ReadonlyMap<number, { id: number }>,
): Promise<number | null> {
  if (baseline === 'parent') {
    const edge = principalEdge(edges, checkpoint.experimentId)
    return edge && (edge.checkpointId ?? of.get(edge.parent)?.id ?? null)
  }
  if (baseline === 'root') {
    const root = path.at(-1)
    return root === undefined ? null : (of.get(root)?.id ?? null)
  }
  const other = await findCheckpoint(ctx.db, scope, baseline)
  if (!other || !permissionsIn(ctx.actor, projectScope(other.workspaceId, other.projectId)))
    throw notFound('The checkpoint to compare with')
  return other.id
}
