import { endAllocations } from '#src/db/queries/agents/end-allocations.ts'
import { endAttempt } from '#src/db/queries/agents/end-attempt.ts'
import { requeueJob } from '#src/db/queries/agents/requeue-job.ts'
import { requeueJobRun } from '#src/db/queries/agents/set-run-state.ts'
import { revokeJobTokens } from '#src/db/queries/auth/change-access-tokens.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { projectScope } from '#src/db/scope.ts'
import type { JobRelease } from '#src/protocol/agents.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { wakeClaimers } from './claim-waiters.ts'
import { lockHeldJob, requireHolder } from './require-holder.ts'
import { settleAttempt } from './settle-attempt.ts'
import { tellWriters, type Writer } from './tell-writers.ts'

/**
 * An agent that is drained gives a job back: it is claimable at once, from its newest checkpoint, and the attempt does not count
 * against the limit. A job that somebody canceled meanwhile ends instead.
 *
 * @throws Refusal as `requireHolder`
 */
export async function releaseJob(ctx: Context, input: { job: string } & JobRelease): Promise<void> {
  const holding = await requireHolder(ctx, input.job, input)
  const { scope, job } = holding
  const message = 'Its agent was drained.'
  const writers = await inTransaction(ctx, async (tx): Promise<Writer[]> => {
    const locked = await lockHeldJob(tx, holding, input)
    if (locked.state === 'canceling')
      return settleAttempt(tx, scope, locked, { reason: 'stopped', exitCode: null, message })
    const { runId, attempt } = locked
    await lockRun(tx.db, projectScope(scope.workspaceId, locked.projectId), runId)
    await endAttempt(tx.db, scope, runId, attempt, { reason: 'preempted', exitCode: null, error: message })
    await endAllocations(tx.db, scope, runId, attempt)
    await revokeJobTokens(tx.db, scope, job.id)
    const again = { reason: message, exitCode: null, pauseS: 0, moreAttempts: 1 as const }
    const fence = await requeueJob(tx.db, scope, job.id, again)
    await requeueJobRun(tx.db, scope, runId, message)
    return [{ runId, attempt, fence, state: 'open' }]
  })
  await tellWriters(ctx, writers)
  wakeClaimers(ctx.services)
}
