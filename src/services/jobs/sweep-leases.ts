import { lockExpiredLeases } from '#src/db/queries/agents/expired-leases.ts'
import { lockJob } from '#src/db/queries/agents/lock-job.ts'
import { workspaceScope } from '#src/db/scope.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { wakeClaimers } from './claim-waiters.ts'
import { settleLostAttempt } from './settle-lost.ts'
import { tellWriters, type Writer } from './tell-writers.ts'

const BATCH = 50

/**
 * Takes jobs away from agents that have not been heard of within the lease: back into the queue with a higher fence, the attempt
 * `lost`, or failed once all attempts are used up; a job that was being canceled is canceled. For the clock.
 *
 * @returns how many leases had ended
 */
export async function sweepLeases(ctx: Context): Promise<number> {
  let swept = 0
  for (;;) {
    const { found, writers } = await inTransaction(ctx, sweepBatch)
    await tellWriters(ctx, writers)
    swept += found
    if (found > 0) wakeClaimers(ctx.services)
    if (found < BATCH) return swept
  }
}

async function sweepBatch(ctx: Context): Promise<{ found: number; writers: Writer[] }> {
  const expired = await lockExpiredLeases(ctx.db, BATCH)
  const writers: Writer[] = []
  for (const { id, workspaceId } of expired) {
    const scope = workspaceScope(workspaceId)
    const job = await lockJob(ctx.db, scope, id)
    if (!job) continue
    writers.push(...(await settleLostAttempt(ctx, scope, job, 'Contact to its agent was lost.')))
  }
  return { found: expired.length, writers }
}
