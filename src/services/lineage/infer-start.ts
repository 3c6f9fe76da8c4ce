import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import { findCheckpoint, findCheckpointsByHash } from '#src/db/queries/checkpoints/find-checkpoint.ts'
import type { CheckpointRow } from '#src/db/queries/checkpoints/locate-checkpoint.ts'
import { lockCheckpoint } from '#src/db/queries/checkpoints/lock-checkpoint.ts'
import { insertEdge } from '#src/db/queries/lineage/insert-edge.ts'
import { listEdges } from '#src/db/queries/lineage/list-edges.ts'
import { lockLineage } from '#src/db/queries/lineage/lock-lineage.ts'
import { supersedeEdge } from '#src/db/queries/lineage/supersede-edge.ts'
import { wasInferred } from '#src/db/queries/lineage/was-inferred.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { actorName } from '#src/services/actor.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { reachProject } from '#src/services/workspaces/open.ts'

const UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A checkpoint that a run read: by id, or by the hash of its content. */
export interface ReadCheckpoint {
  name: string
  sha256?: string | null | undefined
}

/**
 * Where an edge names a parent and no checkpoint, takes the first one of that parent that a run of the stage read for its start. The edge
 * is marked as inferred until a person has looked at it; what a person took out again is not put back. What does not fit is left alone
 * without a word: telling an input must not fail over it.
 */
export async function inferStart(
  ctx: Context,
  scope: ProjectScope,
  experimentId: number,
  read: readonly ReadCheckpoint[],
): Promise<void> {
  if (read.length === 0 || !permissionsIn(ctx.actor, scope)?.includes('lineage:link')) return
  const starts = await knownCheckpoints(ctx, scope, read)
  if (starts.every((start) => start.experimentId === experimentId)) return
  await inTransaction(ctx, async (tx) => {
    await lockLineage(tx.db, scope)
    const open = (await listEdges(tx.db, scope, { experimentId })).filter(
      ({ child, kind, checkpoint_id }) => child.id === experimentId && isWeightEdge(kind) && checkpoint_id === null,
    )
    for (const start of starts) {
      const edge = open.find(({ parent }) => parent.id === start.experimentId)
      if (!edge || start.experimentId === experimentId) continue
      const held = await lockCheckpoint(tx.db, scope, start.id, 'share')
      if (held.deletedAt !== null || held.experimentId !== edge.parent.id) continue
      if (await wasInferred(tx.db, scope, { childId: experimentId, checkpointId: start.id })) continue
      await supersedeEdge(tx.db, scope, edge.id)
      await insertEdge(tx.db, scope, {
        childId: experimentId,
        parentId: edge.parent.id,
        checkpointId: start.id,
        kind: edge.kind,
        weight: edge.weight === null ? null : String(edge.weight),
        note: edge.note,
        inferred: true,
        createdBy: actorName(tx.actor),
      })
      return
    }
  })
}

/** Those of them that are known and may be read, in their order. */
async function knownCheckpoints(
  ctx: Context,
  scope: ProjectScope,
  read: readonly ReadCheckpoint[],
): Promise<CheckpointRow[]> {
  const known: CheckpointRow[] = []
  for (const { name, sha256 } of read) {
    const named = UID.test(name) ? await findCheckpoint(ctx.db, scope, name) : null
    const [alike, another] = named || !sha256 ? [] : await findCheckpointsByHash(ctx.db, scope, sha256)
    const found = named ?? (another ? null : alike)
    if (found && reachProject(ctx, { workspaceId: found.workspaceId, id: found.projectId })) known.push(found)
  }
  return known
}
