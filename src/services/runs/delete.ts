import { jobEnded } from '#src/core/agents/job-states.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import { newestAttempt } from '#src/db/queries/runs/attempts.ts'
import { jobOfRun } from '#src/db/queries/runs/job-of-run.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { updateRun } from '#src/db/queries/runs/update-run.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Run } from '#src/protocol/runs.ts'
import { audit } from '#src/services/auth/audit.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { openRun } from './open.ts'
import { tellWriter } from './tell-writer.ts'
import { viewRunById } from './view.ts'

/**
 * Deletes a run so that it can be restored: it disappears from lists and nothing more is written to it. Its checkpoints stay until
 * its data is deleted for good after a grace time (`purge-deleted.ts`).
 *
 * @throws Refusal `not_found`, `forbidden`; `conflict` while a job has it; `run_deleted` when it was deleted already
 */
export async function deleteRun(ctx: Context, input: { run: string }): Promise<void> {
  const { scope, run } = await openRun(ctx, input.run, 'run:delete')
  const job = await jobOfRun(ctx.db, scope, run.id)
  if (job && !jobEnded(job.state))
    throw new Refusal('conflict', `Run ${run.number} is that of a job, which is ${job.state}. Cancel the job first.`)
  await inTransaction(ctx, async (tx) => {
    await updateRun(tx.db, scope, run.id, { deletedAt: ctx.services.now().toISOString() })
    await audit(tx, { workspaceId: scope.workspaceId, action: 'run.delete', resource: `run:${run.uid}` })
  })
  await tellWriter(ctx, run.id, { ...(await holderOf(ctx, scope, run.id)), state: 'deleted' })
  tellState(ctx, scope, run.id)
}

/**
 * Takes a delete back.
 *
 * @throws Refusal `not_found`, `forbidden`; `run_deleted` once its data is being deleted for good
 */
export async function restoreRun(ctx: Context, input: { run: string }): Promise<Run> {
  const { scope, run } = await openRun(ctx, input.run, 'run:delete', { deleted: 'allow' })
  if (run.deletedAt !== null) {
    await inTransaction(ctx, async (tx) => {
      const held = await lockRun(tx.db, scope, run.id)
      if (held.purgeStartedAt !== null)
        throw new Refusal(
          'run_deleted',
          `Run ${run.number} is deleted for good since ${instantOf(held.purgeStartedAt)}; it cannot be restored.`,
        )
      await updateRun(tx.db, scope, run.id, { deletedAt: null, purgeRequestedAt: null })
      await audit(tx, { workspaceId: scope.workspaceId, action: 'run.restore', resource: `run:${run.uid}` })
    })
    const state = run.endedAt === null ? ('open' as const) : ('finished' as const)
    await ctx.services.metrics.reopen(run.id, { ...(await holderOf(ctx, scope, run.id)), state })
    tellState(ctx, scope, run.id)
  }
  return viewRunById(ctx, scope, run.id)
}

/**
 * Deletes the data of a deleted run for good, without waiting for the end of the grace time. The clock begins within seconds; until
 * then a restore takes it back.
 *
 * @throws Refusal `conflict` for a run that is not deleted; `not_found`, `forbidden`
 */
export async function requestPurge(ctx: Context, input: { run: string }): Promise<void> {
  const { scope, run } = await openRun(ctx, input.run, 'run:delete', { deleted: 'allow' })
  await inTransaction(ctx, async (tx) => {
    const held = await lockRun(tx.db, scope, run.id)
    if (held.deletedAt === null)
      throw new Refusal(
        'conflict',
        `Run ${run.number} is not deleted. Delete it first; what is deleted can be restored.`,
      )
    if (held.purgeRequestedAt !== null || held.purgeStartedAt !== null) return
    await updateRun(tx.db, scope, run.id, { purgeRequestedAt: ctx.services.now().toISOString() })
    await audit(tx, { workspaceId: scope.workspaceId, action: 'run.purge_request', resource: `run:${run.uid}` })
  })
}

/** The fence and attempt that hold a run at present. */
export async function holderOf(
  ctx: Context,
  scope: ProjectScope,
  runId: number,
): Promise<{ fence: number; attempt: number }> {
  const attempt = await newestAttempt(ctx.db, scope, runId)
  const job = await jobOfRun(ctx.db, scope, runId)
  return { fence: Math.max(attempt?.fence ?? 0, job?.fence ?? 0), attempt: attempt?.number ?? 1 }
}
