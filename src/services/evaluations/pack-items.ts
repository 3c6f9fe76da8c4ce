import { createHash } from 'node:crypto'
import { packItems } from '#src/core/evaluations/packed-items.ts'
import type { SlimItem } from '#src/core/evaluations/slim-item.ts'
import { ensureItemList, savePackedItems } from '#src/db/queries/evaluations/packed-items.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'

/** Keeps what comparisons read of the items of an evaluation; nothing for no items, and for items of several forms. */
export async function packEvaluation(
  ctx: Context,
  scope: Scope,
  evaluation: { id: number; benchmarkId: number },
  items: readonly SlimItem[],
): Promise<void> {
  const packed = packItems(items)
  if (!packed) return
  const { list, bytes } = packed
  const sha256 = createHash('sha256')
    .update(JSON.stringify([list.ids, list.trials, list.clusters]))
    .digest('hex')
  const listId = await ensureItemList(ctx.db, scope, evaluation.benchmarkId, sha256, list)
  await savePackedItems(ctx.db, scope, evaluation.id, { listId, bytes })
}
