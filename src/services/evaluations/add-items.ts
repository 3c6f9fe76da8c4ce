import { slim } from '#src/core/evaluations/check-items.ts'
import { sharedForm } from '#src/core/evaluations/slim-item.ts'
import { findCheckpoint } from '#src/db/queries/checkpoints/find-checkpoint.ts'
import { lockEvaluation } from '#src/db/queries/evaluations/insert-evaluation.ts'
import { findFirstItem, saveItems } from '#src/db/queries/evaluations/items.ts'
import type { Evaluation, ItemsInput } from '#src/protocol/evaluations.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { refuseStaleJob } from '#src/services/runs/refuse-stale.ts'
import { viewEvaluationById } from './get.ts'
import { openEvaluation } from './open.ts'
import { asItems, refuseBadItems, refuseItemsOutside } from './post.ts'
import { saveItemHashes } from './save-item-hashes.ts'
import { settleEvaluation } from './settle.ts'

/**
 * Adds a part of items to an evaluation that is still open; a part that comes again replaces the first.
 *
 * @throws Refusal `conflict` once it is complete; `invalid_request` with the index of each bad item; `not_found`,
 *   `stale_fence`, `forbidden`
 */
export async function addItems(ctx: Context, input: ItemsInput & { evaluation: string }): Promise<Evaluation> {
  const { scope, evaluation, view } = await openEvaluation(ctx, input.evaluation, 'eval:write')
  await refuseStaleJob(ctx)
  await inTransaction(ctx, async (tx) => {
    const row = await lockEvaluation(tx.db, scope, evaluation.id)
    if (row.status === 'complete')
      throw new Refusal('conflict', 'This evaluation is complete; its items do not change. Post a new evaluation.')
    const first = input.part === 1 ? null : await findFirstItem(tx.db, scope, row.id)
    refuseBadItems(input.items, row.metric, first && sharedForm([slim(first)]))
    refuseItemsOutside(input.items, view)
    await saveItems(tx.db, scope, row.id, input.part, asItems(input.items))
    await saveItemHashes(tx, scope, row.benchmarkId, asItems(input.items))
  })
  return viewEvaluationById(ctx, scope, evaluation.id)
}

/**
 * Completes an evaluation: n and score must be those of its items. Completing twice is completing once.
 *
 * @throws Refusal `unprocessable` naming both numbers; `not_found`, `stale_fence`, `forbidden`
 */
export async function completeEvaluation(ctx: Context, input: { evaluation: string }): Promise<Evaluation> {
  const { scope, evaluation, view } = await openEvaluation(ctx, input.evaluation, 'eval:write')
  await refuseStaleJob(ctx)
  await inTransaction(ctx, async (tx) => {
    const row = await lockEvaluation(tx.db, scope, evaluation.id)
    if (row.status === 'open') await settleEvaluation(tx, scope, row)
  })
  const checkpoint = await findCheckpoint(ctx.db, scope, view.checkpoint_uid)
  if (checkpoint) tellState(ctx, scope, checkpoint.runId)
  return viewEvaluationById(ctx, scope, evaluation.id)
}
