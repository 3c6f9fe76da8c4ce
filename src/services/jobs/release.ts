import { endAllocations } from '#src/db/queries/agents/end-allocations.ts'
import { endAttempt } from '#src/db/queries/agents/end-attempt.ts'
import { requeueJob } from '#src/db/queries/agents/requeue-job.ts'
import { requeueJobRun } from '#src/db/queries/agents/set-run-state.ts'
import { revokeJobTokens } from '#src/db/queries/auth/change-access-tokens.ts'
import { listAttempts } from '#src/db/queries/runs/attempts.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { projectScope } from '#src/db/scope.ts'
import type { JobRelease } from '#src/protocol/agents.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { isSound } from './checkpoint-files.ts'
import { wakeClaimers } from './claim-waiters.ts'
import { type Holding, lockHeldJob, requireHolder } from './require-holder.ts'
import { settleAttempt } from './settle-attempt.ts'
import { tellWriters, type Writer } from './tell-writers.ts'

/**
 * An agent gives a job back: it is drained, or could not verify the checkpoint to resume from. The job is claimable at once, from its
 * newest checkpoint that is sound, and the attempt does not count against the limit; it counts where a checkpoint is sound here and
 * only the agent cannot read it. A job that somebody canceled meanwhile ends instead.
 *
 * @throws Refusal as `requireHolder`; `invalid_request` for a checkpoint from which the attempt does not resume
 */
export async function releaseJob(ctx: Context, input: { job: string } & JobRelease): Promise<void> {
  const holding = await requireHolder(ctx, input.job, input)
  const { scope, job } = holding
  const { message, counts } = await whyReleased(ctx, holding, input)
  const writers = await inTransaction(ctx, async (tx): Promise<Writer[]> => {
    const locked = await lockHeldJob(tx, holding, input)
    if (locked.state === 'canceling')
      return settleAttempt(tx, scope, locked, { reason: 'stopped', exitCode: null, message })
    if (counts) return settleAttempt(tx, scope, locked, { reason: 'preempted', exitCode: null, message })
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

async function whyReleased(
  ctx: Context,
  { scope, job }: Holding,
  input: JobRelease,
): Promise<{ message: string; counts: boolean }> {
  if (input.bad_checkpoint === undefined) return { message: 'Its agent was drained.', counts: false }
  const resumed = (await listAttempts(ctx.db, scope, [job.runId])).find((attempt) => attempt.number === input.attempt)
  if (!resumed?.fromId || resumed.fromUid !== input.bad_checkpoint)
    throw invalid(
      '/bad_checkpoint',
      `Attempt ${input.attempt} does not resume from the checkpoint ${input.bad_checkpoint}; leave it out.`,
    )
  const which = `The checkpoint at step ${resumed.fromStep}`
  return (await isSound(ctx, scope, resumed.fromId))
    ? { message: `${which} did not reach its agent whole.`, counts: true }
    : { message: `${which} is damaged; the one before is used.`, counts: false }
}
