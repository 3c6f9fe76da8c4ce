import { jobEnded } from '#src/core/agents/job-states.ts'
import { newestAttempt } from '#src/db/queries/runs/attempts.ts'
import { jobOfRun } from '#src/db/queries/runs/job-of-run.ts'
import { updateRun } from '#src/db/queries/runs/update-run.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Run } from '#src/protocol/runs.ts'
import { audit } from '#src/services/auth/audit.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { openRun } from './open.ts'
import { tellWriter } from './tell-writer.ts'
import { viewRunById } from './view.ts'

/**
 * Deletes a run so that it can be restored: it disappears from lists and nothing more is written to it. Its checkpoints stay,
 * since children may have started from them.
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
}

/**
 * Takes a delete back.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function restoreRun(ctx: Context, input: { run: string }): Promise<Run> {
  const { scope, run } = await openRun(ctx, input.run, 'run:delete', { deleted: 'allow' })
  if (run.deletedAt !== null) {
    await inTransaction(ctx, async (tx) => {
      await updateRun(tx.db, scope, run.id, { deletedAt: null })
      await audit(tx, { workspaceId: scope.workspaceId, action: 'run.restore', resource: `run:${run.uid}` })
    })
    const state = run.endedAt === null ? ('open' as const) : ('finished' as const)
    await ctx.services.metrics.reopen(run.id, { ...(await holderOf(ctx, scope, run.id)), state })
  }
  return viewRunById(ctx, scope, run.id)
}

/** The fence and attempt that hold a run at present. */
async function holderOf(ctx: Context, scope: ProjectScope, runId: number): Promise<{ fence: number; attempt: number }> {
  const attempt = await newestAttempt(ctx.db, scope, runId)
  const job = await jobOfRun(ctx.db, scope, runId)
  return { fence: Math.max(attempt?.fence ?? 0, job?.fence ?? 0), attempt: attempt?.number ?? 1 }
}
