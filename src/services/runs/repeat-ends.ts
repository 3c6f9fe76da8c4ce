import { runEnded } from '#src/core/runs/states.ts'
import { listRecentEnds } from '#src/db/queries/runs/list-recent-ends.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { projectScope } from '#src/db/scope.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { tellWriter } from './tell-writer.ts'

/**
 * Tells the metrics store again of runs that ended or were deleted within the last `sinceS` seconds, with a job or without: a crash
 * between the two commits may have left it out, and a deleted run would take points for ever. For the clock.
 */
export async function repeatRunEnds(ctx: Context, sinceS: number): Promise<void> {
  for (const { id, workspaceId, projectId, fence, attempt } of await listRecentEnds(ctx.db, sinceS))
    await inTransaction(ctx, async (tx) => {
      // Held while it is told: the undo of a delete comes before or after, never in between.
      const run = await lockRun(tx.db, projectScope(workspaceId, projectId), id)
      const state = run.deletedAt !== null ? ('deleted' as const) : runEnded(run.state) ? ('finished' as const) : null
      if (state) await tellWriter(ctx, id, { fence, attempt, state })
    })
}
