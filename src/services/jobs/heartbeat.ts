import { renewLease } from '#src/db/queries/agents/renew-lease.ts'
import { touchJobRun } from '#src/db/queries/agents/set-run-state.ts'
import { extendJobToken } from '#src/db/queries/auth/change-access-tokens.ts'
import { instantOf, millisOf } from '#src/db/queries/instant.ts'
import type { JobHeartbeat, JobHeartbeatAnswer } from '#src/protocol/agents.ts'
import type { Context } from '#src/services/context.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { requireHolder, staleFence } from './require-holder.ts'

/** Seconds that a job's token outlives its lease: the last batches of a program that ends. */
export const TOKEN_GRACE_S = 600

/**
 * The holder of a job is alive: renews its lease and its token, takes its progress, and tells it whether a person wants the job
 * canceled or the run stopped.
 *
 * @throws Refusal as `requireHolder`
 */
export async function heartbeatJob(ctx: Context, input: { job: string } & JobHeartbeat): Promise<JobHeartbeatAnswer> {
  const { scope, agentId, job } = await requireHolder(ctx, input.job, input)
  const running = input.state === 'running'
  const lease = await renewLease(
    ctx.db,
    scope,
    { jobId: job.id, agentId, attempt: input.attempt, fence: input.fence },
    { running, step: input.progress?.step ?? null, totalSteps: input.progress?.total_steps ?? null },
  )
  if (!lease) throw staleFence(job)
  const tokenUntil = new Date(millisOf(lease.leaseUntil) + TOKEN_GRACE_S * 1000).toISOString()
  await extendJobToken(ctx.db, scope, { jobId: job.id, fence: job.fence }, tokenUntil)
  const stop = await touchJobRun(ctx.db, scope, job.runId, running)
  tellState(ctx, job, job.runId, 'progress')
  return { lease_until: instantOf(lease.leaseUntil), cancel: lease.canceling, stop }
}
