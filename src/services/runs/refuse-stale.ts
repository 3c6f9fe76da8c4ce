import { jobOfRun } from '#src/db/queries/runs/job-of-run.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'

/**
 * Refuses a job token whose job is held by a newer attempt: every write path of a run under a lease asks this. Other actors
 * pass.
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
  if (actor.kind !== 'job') return
  const job = await jobOfRun(ctx.db, scope, runId)
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
