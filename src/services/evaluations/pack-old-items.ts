import { listSlimItems } from '#src/db/queries/evaluations/items.ts'
import { listUnpacked } from '#src/db/queries/evaluations/list-unpacked.ts'
import { projectScope } from '#src/db/scope.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'
import { packEvaluation } from './pack-items.ts'

const AT_ONCE = 20
/** How long one turn works: a shutdown waits for it, and the next one goes on. */
const TURN_MS = 2_000

/**
 * Packs the items of evaluations that were stored before items were packed. Until then they are compared from their whole items: the
 * same numbers, read a hundred times as slowly. What is completed now is packed with it, so one way through the table is enough; a
 * process that has gone it asks nothing more.
 *
 * @returns the work of one turn, for the clock; it tells how many were packed
 */
export function packOldItems(): (ctx: Context, turnMs?: number) => Promise<number> {
  let after = 0
  let isDone = false
  return async (ctx, turnMs = TURN_MS) => {
    invariant(ctx.actor.kind === 'clock', 'only the clock packs what is old')
    const until = performance.now() + turnMs
    let packed = 0
    while (!isDone && performance.now() < until) {
      const rows = await listUnpacked(ctx.db, after, AT_ONCE)
      isDone = rows.length === 0
      for (const row of rows) {
        // Before the work: what cannot be packed goes on being read whole, and holds up none behind it.
        after = row.id
        const scope = projectScope(row.workspace_id, row.project_id)
        await inTransaction(ctx, async (tx) => {
          const items = (await listSlimItems(tx.db, scope, [row.id])).get(row.id) ?? []
          await packEvaluation(tx, scope, { id: row.id, benchmarkId: row.benchmark_id }, items)
        })
        packed++
      }
    }
    return packed
  }
}
