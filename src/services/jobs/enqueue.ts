import { createHash } from 'node:crypto'
import { MAX_ATTEMPTS } from '#src/core/agents/job-states.ts'
import type { RunKind } from '#src/core/runs/states.ts'
import { ensureQueue } from '#src/db/queries/agents/ensure-queue.ts'
import { insertJob } from '#src/db/queries/agents/insert-job.ts'
import { insertJobInputs } from '#src/db/queries/agents/insert-job-inputs.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { actorName } from '#src/services/actor.ts'
import { audit } from '#src/services/auth/audit.ts'
import { authorize } from '#src/services/authorize.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { wakeClaimers } from './claim-waiters.ts'

export interface EnqueueInput {
  /** Name of a queue of the workspace; made when it is absent. */
  queue: string
  pipelineId?: number | null
  experimentId: number
  /** The run that the job executes; it exists already, in state `queued`. */
  runId: number
  kind: RunKind
  recipe: string
  params: Record<string, unknown>
  /** Checkpoints that the job reads, one per role at most. Without `checkpointId` the job waits for that of the experiment. */
  inputs: readonly { role: 'parent' | 'reference' | 'target'; experimentId: number; checkpointId?: number | null }[]
  /** Seconds that an attempt may take; a day when absent. */
  timeoutS?: number
  maxAttempts?: number
  /** Higher ones are claimed first; 0 when absent. */
  priority?: number
}

const DAY_S = 86_400

/**
 * Puts a job into a queue: `waiting` while a checkpoint that it needs does not exist yet, else `queued`. Answers its ids and
 * state.
 *
 * @throws Refusal `forbidden` without `job:enqueue`
 */
export async function enqueueJob(
  ctx: Context,
  scope: ProjectScope,
  input: EnqueueInput,
): Promise<{ id: number; uid: string; state: 'waiting' | 'queued' }> {
  authorize(ctx.actor, 'job:enqueue', scope)
  const state = input.inputs.every((i) => i.checkpointId != null) ? 'queued' : 'waiting'
  const job = await inTransaction(ctx, async (tx) => {
    const queueId = await ensureQueue(tx.db, scope, input.queue)
    const made = await insertJob(tx.db, scope, {
      queueId,
      pipelineId: input.pipelineId ?? null,
      experimentId: input.experimentId,
      runId: input.runId,
      kind: input.kind,
      recipe: input.recipe,
      params: input.params,
      state,
      priority: input.priority ?? 0,
      timeoutS: input.timeoutS ?? DAY_S,
      maxAttempts: input.maxAttempts ?? MAX_ATTEMPTS,
      createdBy: actorName(ctx.actor),
    })
    await insertJobInputs(tx.db, scope, made.id, input.inputs)
    const paramsSha256 = createHash('sha256').update(JSON.stringify(input.params)).digest('hex')
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'job.enqueue',
      resource: `job:${made.uid}`,
      detail: { recipe: input.recipe, params_sha256: paramsSha256 },
    })
    return made
  })
  // Inside an outer transaction the claimers look a moment too early; their own polling finds the job.
  if (state === 'queued') wakeClaimers(ctx.services)
  return { ...job, state }
}
