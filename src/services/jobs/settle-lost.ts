import { settledReason } from '#src/core/agents/settled-reason.ts'
import { reportedEnd } from '#src/db/queries/agents/reported-end.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { projectScope, type Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import type { LockedJob } from './require-holder.ts'
import { settleAttempt } from './settle-attempt.ts'
import type { Writer } from './tell-writers.ts'

/**
 * Ends the attempt of a job whose agent is gone. What the program itself has reported counts: work that was finished before contact
 * was lost is not done again.
 *
 * @param message for people: what became of the agent
 * @returns what the metrics store must hear after the commit
 */
export async function settleLostAttempt(
  ctx: Context,
  scope: Scope,
  job: LockedJob,
  message: string,
): Promise<Writer[]> {
  await lockRun(ctx.db, projectScope(scope.workspaceId, job.projectId), job.runId)
  const own = await reportedEnd(ctx.db, scope, job.runId, job.attempt)
  const reason = settledReason({ agent: 'lost', own, exitCode: null })
  return settleAttempt(ctx, scope, job, { reason, exitCode: null, message })
}
