import { lockCheckpoint } from '#src/db/queries/checkpoints/lock-checkpoint.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'

/**
 * Holds the checkpoint that a new edge names, so that it is neither deleted nor moved before the edge is there. In the edge's
 * transaction, under the lineage's lock.
 *
 * @throws Refusal `conflict`
 */
export async function requireLiveCheckpoint(
  tx: Context,
  scope: Scope,
  edge: { parentId: number; checkpointId: number | null },
): Promise<void> {
  if (edge.checkpointId === null) return
  const held = await lockCheckpoint(tx.db, scope, edge.checkpointId, 'share')
  if (held.deletedAt !== null)
    throw new Refusal('conflict', `The checkpoint ${held.uid} was deleted meanwhile; name another one.`)
  if (held.experimentId !== edge.parentId)
    throw new Refusal('conflict', `The checkpoint ${held.uid} was moved to another experiment meanwhile; try again.`)
}
