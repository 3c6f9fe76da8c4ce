import { findJobByUid, type JobRow } from '#src/db/queries/agents/find-job.ts'
import { lockJob } from '#src/db/queries/agents/lock-job.ts'
import { type Scope, workspaceScope } from '#src/db/scope.ts'
import { authorize } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { invariant, notFound, Refusal } from '../errors.ts'

export interface Holding {
  scope: Scope
  agentId: number
  job: JobRow
}

/**
 * The way from an agent to its job, checked on every call: agent → queue → workspace → job → attempt and fence.
 *
 * @throws Refusal `not_found` for jobs of other workspaces and of queues for which the agent is not registered; `stale_fence`
 *   (with the present `fence`) when the job has ended or somebody newer holds it
 */
export async function requireHolder(
  ctx: Context,
  jobUid: string,
  claim: { attempt: number; fence: number },
): Promise<Holding> {
  const { actor } = ctx
  if (actor.kind !== 'agent') throw new Refusal('forbidden', 'Only the agent that holds a job may report on it.')
  const scope = workspaceScope(actor.workspaceId)
  authorize(actor, 'agent:work', scope)
  const job = await findJobByUid(ctx.db, scope, jobUid)
  if (!job || !actor.queues.includes(job.queue)) throw notFound('This job')
  invariant(job.workspaceId === actor.workspaceId, 'a job is found within its workspace only')
  if (!isHolder(job, { ...claim, agentId: actor.agentId })) throw staleFence(job)
  return { scope, agentId: actor.agentId, job }
}

/**
 * The job as it stands, held until the transaction ends, once more proven to be the holder's: the sweep, a cancel or a second
 * report may have come in between.
 *
 * @throws Refusal `stale_fence`
 */
export async function lockHeldJob(
  tx: Context,
  { scope, agentId, job }: Holding,
  claim: { attempt: number; fence: number },
): Promise<LockedJob> {
  const locked = await lockJob(tx.db, scope, job.id)
  if (!locked || !isHolder(locked, { ...claim, agentId })) throw staleFence(locked ?? job)
  return locked
}

export type LockedJob = NonNullable<Awaited<ReturnType<typeof lockJob>>>

const isHolder = (
  job: Pick<LockedJob, 'state' | 'agentId' | 'fence' | 'attempt'>,
  claim: { agentId: number; attempt: number; fence: number },
): boolean =>
  ['leased', 'running', 'canceling'].includes(job.state) &&
  job.agentId === claim.agentId &&
  job.fence === claim.fence &&
  job.attempt === claim.attempt

/** The job has ended, or was given to somebody else. */
export const staleFence = (job: { uid: string; state: string; fence: number }): Refusal =>
  new Refusal(
    'stale_fence',
    `Job ${job.uid} is no longer yours: it is ${job.state}, fence ${job.fence}. End its process.`,
    {
      fence: job.fence,
    },
  )
