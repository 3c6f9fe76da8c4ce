import { jobEnded } from '#src/core/agents/job-states.ts'
import { endJob } from '#src/db/queries/agents/end-job.ts'
import { findJobByUid } from '#src/db/queries/agents/find-job.ts'
import { lockJob } from '#src/db/queries/agents/lock-job.ts'
import { setCanceling } from '#src/db/queries/agents/set-canceling.ts'
import { endJobRun } from '#src/db/queries/agents/set-run-state.ts'
import { projectScope, type Scope } from '#src/db/scope.ts'
import type { Job } from '#src/protocol/agents.ts'
import { audit } from '#src/services/auth/audit.ts'
import { authorize, permissionsIn } from '#src/services/authorize.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant, notFound } from '#src/services/errors.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'
import { followUp } from './follow-up.ts'
import { jobViews } from './job-views.ts'
import { tellWriters, type Writer } from './tell-writers.ts'

/**
 * A person cancels a job: one that waits ends at once, one that an agent holds is asked to end (state `canceling`, delivered by
 * its next heartbeat). What waits for its checkpoint is canceled with it. An ended job stays as it is.
 *
 * @throws Refusal `not_found`, `forbidden` without `job:cancel`
 */
export async function cancelJob(ctx: Context, input: { workspace?: string; job: string }): Promise<Job> {
  const { scope } = await openWorkspace(ctx, input, 'job:read')
  const job = await findJobByUid(ctx.db, scope, input.job)
  const place = job && projectScope(scope.workspaceId, job.projectId)
  if (!place || !permissionsIn(ctx.actor, place)) throw notFound('This job')
  authorize(ctx.actor, 'job:cancel', place)
  const writers = await inTransaction(ctx, (tx) => cancelLocked(tx, scope, job.id, job.uid))
  await tellWriters(ctx, writers)
  const [view] = await jobViews(ctx, scope, { ids: [job.id] })
  invariant(view, 'a job that was canceled is still there')
  return view
}

async function cancelLocked(ctx: Context, scope: Scope, id: number, uid: string): Promise<Writer[]> {
  const job = await lockJob(ctx.db, scope, id)
  if (!job || jobEnded(job.state) || job.state === 'canceling') return []
  await audit(ctx, { workspaceId: scope.workspaceId, action: 'job.cancel', resource: `job:${uid}` })
  const reason = `Canceled by ${ctx.actor.kind === 'user' || ctx.actor.kind === 'apiKey' ? ctx.actor.name : ctx.actor.kind}.`
  if (job.state === 'leased' || job.state === 'running') {
    await setCanceling(ctx.db, scope, id, reason)
    return []
  }
  await endJob(ctx.db, scope, id, { state: 'canceled', reason, exitCode: null })
  await endJobRun(ctx.db, scope, job.runId, 'stopped', reason)
  const descendants = await followUp(ctx, scope, { ...job, state: 'canceled' }, reason)
  return [{ runId: job.runId, attempt: job.attempt, fence: job.fence, state: 'finished' }, ...descendants]
}
