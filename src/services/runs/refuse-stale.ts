import { jobEnded } from '#src/core/agents/job-states.ts'
import { jobOfRun } from '#src/db/queries/runs/job-of-run.ts'
import { type ProjectScope, projectScope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'

/**
 * Refuses a job token whose job is held by a newer attempt, and everybody else while a job has the run: every write path of a run
 * under a lease asks this. A key's attempt would take the number of the job's next one, and no agent could claim the job again.
 *
 * @param attempt the attempt that the call names, where it names one: a job token writes to its own only
 * @throws Refusal `stale_fence` with the present `fence`
 */
export async function refuseStaleHolder(
  ctx: Context,
  scope: ProjectScope,
  runId: number,
  attempt?: number,
): Promise<void> {
  const { actor } = ctx
  const job = await jobOfRun(ctx.db, scope, runId)
  if (actor.kind !== 'job') {
    if (!job || jobEnded(job.state)) return
    throw new Refusal(
      'stale_fence',
      `A job of a queue has this run (it is ${job.state}), and only its program writes to it. Begin a run of your own.`,
      { fence: job.fence },
    )
  }
  if (job && job.fence > actor.fence)
    throw new Refusal(
      'stale_fence',
      `Attempt ${actor.attempt} of this run was given up; attempt ${job.attempt} has it now.`,
      {
        fence: job.fence,
      },
    )
  if (attempt !== undefined && attempt !== actor.attempt)
    throw new Refusal('stale_fence', `This token is that of attempt ${actor.attempt}, not of attempt ${attempt}.`, {
      fence: actor.fence,
    })
}

/**
 * The same for what a job writes beside its own run: evaluations of its target. Other actors pass.
 *
 * @throws Refusal `stale_fence`
 */
export async function refuseStaleJob(ctx: Context): Promise<void> {
  const { actor } = ctx
  if (actor.kind === 'job') await refuseStaleHolder(ctx, projectScope(actor.workspaceId, actor.projectId), actor.runId)
}
