import { type AfterEnd, afterEnd } from '#src/core/agents/retry.ts'
import { type EndReason, type RunState, runStateAfter } from '#src/core/runs/states.ts'
import { endAllocations } from '#src/db/queries/agents/end-allocations.ts'
import { endAttempt } from '#src/db/queries/agents/end-attempt.ts'
import { endJob } from '#src/db/queries/agents/end-job.ts'
import { requeueJob } from '#src/db/queries/agents/requeue-job.ts'
import { endJobRun, requeueJobRun } from '#src/db/queries/agents/set-run-state.ts'
import { revokeJobTokens } from '#src/db/queries/auth/change-access-tokens.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { projectScope, type Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { followUp } from './follow-up.ts'
import type { LockedJob } from './require-holder.ts'
import type { Writer } from './tell-writers.ts'

export interface AttemptEnd {
  reason: EndReason
  exitCode: number | null
  /** A sentence for people: how it ended, with the command. */
  message: string
}

/**
 * Ends the present attempt of a job that the transaction holds, and decides what becomes of the job: its end, or another
 * attempt. Ends the hardware's allocation, revokes the job's token, moves the run, and lets children start or cancels them.
 *
 * @returns what the metrics store must hear after the commit
 */
export async function settleAttempt(ctx: Context, scope: Scope, job: LockedJob, end: AttemptEnd): Promise<Writer[]> {
  const { runId, attempt } = job
  // Run before attempt, as the verbs of runs do: a program that reports its own end at this moment waits, and nobody deadlocks.
  await lockRun(ctx.db, projectScope(scope.workspaceId, job.projectId), runId)
  await endAttempt(ctx.db, scope, runId, attempt, {
    reason: end.reason,
    exitCode: end.exitCode,
    error: end.reason === 'finished' ? null : end.message,
  })
  await endAllocations(ctx.db, scope, runId, attempt)
  await revokeJobTokens(ctx.db, scope, job.id)
  const next = afterEnd({ ...end, attempt, maxAttempts: job.maxAttempts, canceling: job.state === 'canceling' })
  if (next.state === 'queued') {
    const reason = `${sentence(end.message, end.reason)} Attempt ${attempt} of ${job.maxAttempts}.`
    const fence = await requeueJob(ctx.db, scope, job.id, { ...end, reason, pauseS: next.pauseS, moreAttempts: 0 })
    await requeueJobRun(ctx.db, scope, runId, reason)
    return [{ runId, attempt, fence, state: 'open' }]
  }
  const reason = endSentence(next, job, end)
  await endJob(ctx.db, scope, job.id, { state: next.state, reason, exitCode: end.exitCode })
  await endJobRun(ctx.db, scope, runId, runStateOf(next, end.reason), reason)
  const canceled = await followUp(ctx, scope, { ...job, state: next.state }, reason)
  return [{ runId, attempt, fence: job.fence, state: 'finished' }, ...canceled]
}

function endSentence(next: AfterEnd, job: LockedJob, end: AttemptEnd): string {
  if (next.state === 'finished') return ''
  if (next.state === 'canceled') return job.reason || sentence(end.message, end.reason)
  const tried = next.state === 'failed' && next.exhausted ? ` All ${job.maxAttempts} attempts are used up.` : ''
  return sentence(end.message, end.reason) + tried
}

/** A job that will not be tried again leaves no run that is merely lost or preempted. */
function runStateOf(next: AfterEnd, reason: EndReason): RunState {
  if (next.state === 'finished') return 'finished'
  if (next.state === 'canceled') return 'stopped'
  const state = runStateAfter(reason)
  return state === 'lost' || state === 'preempted' ? 'failed' : state
}

const sentence = (message: string, reason: EndReason): string => message || `The attempt ended: ${reason}.`
