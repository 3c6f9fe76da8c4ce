import { findRuns } from '../../db/queries/metrics/find-runs.ts'
import type { ProjectScope } from '../../db/scope.ts'
import type { Context } from '../context.ts'

/**
 * News that a run is not as it was: it began, ended, was renamed, got a checkpoint. After the commit that changed it.
 *
 * @param runId null for what belongs to no run, such as an imported checkpoint: nobody waits for news of it
 * @param kind `progress` for what only moves on, such as the last sign of life
 */
export function tellState(
  ctx: Context,
  scope: Pick<ProjectScope, 'projectId'>,
  runId: number | null,
  kind: 'state' | 'progress' = 'state',
): void {
  if (runId === null) return
  const atMs = ctx.services.now().getTime()
  ctx.services.live.tell({ runId, projectId: scope.projectId, lastStep: null, atMs, kind })
}

/** The same for runs whose projects are not at hand. Never throws: what was decided stands, told or not. */
export async function tellStates(ctx: Context, runIds: readonly number[]): Promise<void> {
  if (runIds.length === 0) return
  try {
    for (const run of await findRuns(ctx.services.sql, runIds)) tellState(ctx, run, run.id)
  } catch (error) {
    ctx.services.log.warn({ err: error, run_ids: runIds }, 'Screens were not told of runs that changed.')
  }
}
