import { setQueuePaused } from '#src/db/queries/agents/pause-queue.ts'
import { audit } from '#src/services/auth/audit.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { wakeClaimers } from '#src/services/jobs/claim-waiters.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'

interface QueueInput {
  workspace?: string
  queue: string
}

/** Nothing more is claimed from the queue; what runs goes on. @throws Refusal `forbidden` without `job:cancel`, `not_found` */
export const pauseQueue = (ctx: Context, input: QueueInput): Promise<void> => setPaused(ctx, input, true)

/** Agents claim from the queue again. @throws Refusal as `pauseQueue` */
export const resumeQueue = (ctx: Context, input: QueueInput): Promise<void> => setPaused(ctx, input, false)

async function setPaused(ctx: Context, input: QueueInput, paused: boolean): Promise<void> {
  const { scope } = await openWorkspace(ctx, input, 'job:cancel')
  await inTransaction(ctx, async (tx) => {
    if (!(await setQueuePaused(tx.db, scope, input.queue, paused))) throw notFound(`The queue ${input.queue}`)
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: paused ? 'queue.pause' : 'queue.resume',
      resource: `queue:${input.queue}`,
    })
  })
  if (!paused) wakeClaimers(ctx.services)
}
