import { heldDevices } from '#src/core/agents/held-devices.ts'
import { HEARTBEAT_S } from '#src/core/agents/job-states.ts'
import { claimJob as claimRow } from '#src/db/queries/agents/claim-job.ts'
import { findAgent } from '#src/db/queries/agents/find-agent.ts'
import { findJobById, type JobRow } from '#src/db/queries/agents/find-job.ts'
import { insertAllocation } from '#src/db/queries/agents/insert-allocation.ts'
import { insertClaimedAttempt } from '#src/db/queries/agents/insert-attempt.ts'
import { listJobInputs } from '#src/db/queries/agents/list-job-inputs.ts'
import { placeOfRun } from '#src/db/queries/agents/place-of-run.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import { type Scope, workspaceScope } from '#src/db/scope.ts'
import type { Claim, ClaimRequest } from '#src/protocol/agents.ts'
import { authorize } from '#src/services/authorize.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant, notFound, Refusal } from '#src/services/errors.ts'
import { mintAccessToken } from '#src/services/keys/mint-access-token.ts'
import { tellStates } from '#src/services/live/tell-state.ts'
import { filesOf, resumeFrom } from './checkpoint-files.ts'
import { claimWaitsEnded, waitForWork } from './claim-waiters.ts'
import { TOKEN_GRACE_S } from './heartbeat.ts'
import { setWriters } from './tell-writers.ts'

/** How often a waiting claim looks again when nobody wakes it: jobs may become due, or be queued by another server. */
const LOOK_MS = 1000

type Claimer = Extract<Context['actor'], { kind: 'agent' }>

/**
 * Leases one job to an agent; waits up to `wait_s` seconds for one. The answer comes after the metrics store knows the new
 * fence, so the holder's first batch is never refused and the former holder's always is.
 *
 * @param signal ends the wait when the caller has gone: a job must not be leased to nobody
 * @returns null when nothing came
 * @throws Refusal `not_found` for another agent's id, `forbidden` for a queue for which the agent is not registered
 */
export async function claimJob(
  ctx: Context,
  input: { agent: string } & ClaimRequest,
  signal: AbortSignal,
): Promise<Claim | null> {
  const claimer = requireClaimer(ctx, input)
  const scope = workspaceScope(claimer.workspaceId)
  const until = Date.now() + input.wait_s * 1000
  for (;;) {
    if (signal.aborted) return null
    const claim = await tryClaim(ctx, scope, claimer, input)
    const left = until - Date.now()
    if (claim || left <= 0 || claimWaitsEnded(ctx.services)) return claim
    await waitForWork(ctx.services, Math.min(left, LOOK_MS), signal)
  }
}

function requireClaimer(ctx: Context, input: { agent: string; queues: readonly string[] }): Claimer {
  const { actor } = ctx
  if (actor.kind !== 'agent' || actor.agentUid !== input.agent) throw notFound('This agent')
  authorize(actor, 'agent:work', workspaceScope(actor.workspaceId))
  const foreign = input.queues.find((queue) => !actor.queues.includes(queue))
  if (foreign !== undefined)
    throw new Refusal(
      'forbidden',
      `This agent is not registered for queue "${foreign}", only for ${actor.queues.join(', ')}. Register it again with a token for that queue.`,
      { permission: 'agent:work' },
    )
  return actor
}

async function tryClaim(ctx: Context, scope: Scope, claimer: Claimer, wanted: ClaimRequest): Promise<Claim | null> {
  const leased = await inTransaction(ctx, async (tx) => {
    const id = await claimRow(tx.db, scope, claimer.agentId, wanted.queues, wanted.recipes)
    if (id === null) return null
    const job = await findJobById(tx.db, scope, id)
    invariant(job, 'a job that was just leased is there')
    return { job, ...(await beginAttempt(tx, scope, claimer, job)) }
  })
  if (!leased) return null
  const { job, claim, firstStep } = leased
  await setWriters(ctx, [{ runId: job.runId, attempt: job.attempt, fence: job.fence, state: 'open' }])
  await ctx.services.metrics.startAttempt(job.runId, job.attempt, firstStep)
  await tellStates(ctx, [job.runId])
  return claim
}

async function beginAttempt(
  ctx: Context,
  scope: Scope,
  claimer: Claimer,
  job: JobRow,
): Promise<{ claim: Claim; firstStep: number }> {
  const resume = await resumeFrom(ctx, scope, job.runId)
  const firstStep = resume ? resume.step + 1 : 0
  await insertClaimedAttempt(ctx.db, scope, {
    runId: job.runId,
    number: job.attempt,
    firstStep,
    fromCheckpointId: resume?.id ?? null,
    host: claimer.name,
    agentId: claimer.agentId,
    jobId: job.id,
    fence: job.fence,
  })
  await hold(ctx, scope, claimer, job)
  const place = await placeOfRun(ctx.db, scope, job.runId)
  invariant(place && job.leaseUntil, 'a leased job has a run and an end of its lease')
  const { token } = await mintAccessToken(
    ctx,
    scope,
    { kind: 'job', jobId: job.id, attempt: job.attempt, fence: job.fence },
    job.leaseS + TOKEN_GRACE_S,
  )
  const inputs = await listJobInputs(ctx.db, scope, job.id)
  const claim: Claim = {
    job: {
      id: job.uid,
      kind: job.kind,
      recipe: job.recipe,
      params: job.params,
      timeout_s: job.timeoutS,
      project: place.project,
      experiment: { number: place.number, slug: place.slug },
      run: place.runUid,
      inputs: await Promise.all(
        inputs.map(async ({ role, id, uid, step }) => ({
          role,
          checkpoint: uid,
          step,
          files: await filesOf(ctx, scope, id, uid),
        })),
      ),
    },
    attempt: job.attempt,
    fence: job.fence,
    lease_until: instantOf(job.leaseUntil),
    lease_s: job.leaseS,
    heartbeat_s: Math.min(HEARTBEAT_S, job.leaseS / 4),
    job_token: token,
    resume_from: resume && {
      checkpoint: resume.uid,
      step: resume.step,
      files: await filesOf(ctx, scope, resume.id, resume.uid),
    },
  }
  return { claim, firstStep }
}

/** The share of the machine that one slot is, from what the agent said about itself. */
async function hold(ctx: Context, scope: Scope, claimer: Claimer, job: JobRow): Promise<void> {
  const agent = await findAgent(ctx.db, scope, claimer.agentUid)
  // A token that was good a moment ago: what a revoked machine leases would run out before anybody else gets it.
  if (!agent || agent.revokedAt !== null)
    throw new Refusal('unauthenticated', 'This agent was revoked. Register the machine again with a new token.')
  const devices = heldDevices(agent.labels, agent.slots)
  await insertAllocation(ctx.db, scope, {
    runId: job.runId,
    attempt: job.attempt,
    agentId: claimer.agentId,
    ...devices,
  })
}
