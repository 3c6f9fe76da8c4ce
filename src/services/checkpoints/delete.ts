import { type CheckpointUse, listCheckpointUses } from '#src/db/queries/checkpoints/list-uses.ts'
import { lockCheckpoint } from '#src/db/queries/checkpoints/lock-checkpoint.ts'
import { setCheckpointDeleted } from '#src/db/queries/checkpoints/set-deleted.ts'
import { lockLineage } from '#src/db/queries/lineage/lock-lineage.ts'
import { audit } from '#src/services/auth/audit.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { openCheckpoint } from './open.ts'

const USES_NAMED = 5

/**
 * Deletes a checkpoint: it leaves lists and is no longer chosen for its stage. Its row, its evaluations and its stored bytes stay;
 * a second delete changes nothing.
 *
 * @throws Refusal `conflict` naming who uses it (`used_by`): a child that started from it, a job that waits for it or reads it, a
 *   pin; `not_found`, `forbidden`
 */
export async function deleteCheckpoint(ctx: Context, input: { checkpoint: string }): Promise<void> {
  const { scope, checkpoint } = await openCheckpoint(ctx, input.checkpoint, 'checkpoint:delete', { deleted: 'allow' })
  await inTransaction(ctx, async (tx) => {
    // No edge may come to name it between the look and the delete; jobs and pins wait for the row itself.
    await lockLineage(tx.db, scope)
    const held = await lockCheckpoint(tx.db, scope, checkpoint.id)
    if (held.deletedAt !== null) return
    refuseUsed(held.step, await listCheckpointUses(tx.db, scope, [held.id]))
    await setCheckpointDeleted(tx.db, scope, held.id, ctx.services.now().toISOString())
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'checkpoint.delete',
      resource: `checkpoint:${held.uid}`,
      detail: { step: held.step, size: held.sizeBytes },
    })
  })
  tellState(ctx, scope, checkpoint.runId)
}

function refuseUsed(step: number, uses: readonly CheckpointUse[]): void {
  if (uses.length === 0) return
  const named = uses.map(sayUse)
  const shown = named.slice(0, USES_NAMED).join('; ')
  const more = named.length > USES_NAMED ? `; and ${named.length - USES_NAMED} more` : ''
  throw new Refusal('conflict', `The checkpoint at step ${step} is in use: ${shown}${more}. Free it there first.`, {
    used_by: named,
  })
}

/** A use in words: `b1 (#3 of lab) starts from it`. */
export function sayUse(use: CheckpointUse): string {
  const stage = `${use.slug} (#${use.number} of ${use.project})`
  if (use.kind === 'edge') return `${stage} starts from it`
  return use.kind === 'pin' ? `it is pinned in ${stage}` : `job ${use.job} of ${stage} reads it`
}
