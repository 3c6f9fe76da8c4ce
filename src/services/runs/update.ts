import { updateRun as writeRun } from '#src/db/queries/runs/update-run.ts'
import type { Run, RunChange } from '#src/protocol/runs.ts'
import { isProgram } from '#src/services/auth/refuse-programs.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { openNamedRun, type RunPlace } from '#src/services/metrics/open-named-run.ts'
import { isOwnRun } from './open.ts'
import { viewRunById } from './view.ts'

export type UpdateRunInput = RunPlace & RunChange

/**
 * Changes a run's name, tags, group, star, and whether it is archived; what is left out stays. People and admin keys may, and an ingest key for
 * the runs that it made.
 *
 * @throws Refusal `not_found`, `run_deleted`, `forbidden`
 */
export async function updateRun(ctx: Context, input: UpdateRunInput): Promise<Run> {
  const { scope, run } = await openNamedRun(ctx, input, 'run:write')
  if (isProgram(ctx) && !(ctx.actor.kind === 'apiKey' && isOwnRun(ctx.actor, run)))
    throw new Refusal(
      'forbidden',
      `An ingest key names and tags the runs that it made; run ${run.number} is not one of them. Use an admin key.`,
      { permission: 'run:write' },
    )
  const change = {
    ...(input.name !== undefined && { name: input.name }),
    ...(input.tags !== undefined && { tags: [...new Set(input.tags)] }),
    ...(input.group !== undefined && { runGroup: input.group ?? '' }),
    ...(input.starred !== undefined && { isStarred: input.starred }),
    // Archived again it keeps the time at which it was put aside.
    ...(input.archived !== undefined &&
      input.archived !== (run.archivedAt !== null) && {
        archivedAt: input.archived ? ctx.services.now().toISOString() : null,
      }),
  }
  if (Object.keys(change).length > 0) {
    await writeRun(ctx.db, scope, run.id, change)
    tellState(ctx, scope, run.id)
  }
  return viewRunById(ctx, scope, run.id)
}
