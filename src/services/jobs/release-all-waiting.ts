import { listWorkspacesWithWaitingJobs } from '#src/db/queries/agents/workspaces-with-waiting-jobs.ts'
import { workspaceScope } from '#src/db/scope.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { wakeClaimers } from './claim-waiters.ts'
import { releaseWaitingJobs } from './release-waiting.ts'

/**
 * Makes jobs claimable whose checkpoints have come by another way than a job's end: a run without an agent that finished, a
 * checkpoint that somebody pinned, an evaluation that opened a gate. A workspace in which that fails keeps no other waiting. For the clock.
 *
 * @returns how many became claimable
 * @throws the first failure, once every workspace had its turn
 */
export async function releaseAllWaitingJobs(ctx: Context): Promise<number> {
  let released = 0
  const failures: unknown[] = []
  for (const workspaceId of await listWorkspacesWithWaitingJobs(ctx.db))
    try {
      released += (await inTransaction(ctx, (tx) => releaseWaitingJobs(tx, workspaceScope(workspaceId)))).released
    } catch (error) {
      failures.push(error)
    }
  if (released > 0) wakeClaimers(ctx.services)
  if (failures.length > 0) throw failures[0]
  return released
}
