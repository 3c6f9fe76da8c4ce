import { LOST_AFTER_MS } from '#src/core/runs/states.ts'
import { setAllocationsEnd } from '#src/db/queries/runs/allocations.ts'
import { newestAttempt, updateAttempt } from '#src/db/queries/runs/attempts.ts'
import { listSilentRuns, type SilentRun } from '#src/db/queries/runs/list-silent-runs.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { updateRun } from '#src/db/queries/runs/update-run.ts'
import { projectScope } from '#src/db/scope.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { tellState } from '#src/services/live/tell-state.ts'

/**
 * Runs that nobody has heard of for 60 s are lost, their attempt with them; points that arrive count as a sign of life, also of a
 * run that was taken for lost. For the clock.
 *
 * @returns how many runs changed
 */
export async function markLostRuns(ctx: Context): Promise<number> {
  let changed = 0
  for (const run of await listSilentRuns(ctx.db, LOST_AFTER_MS / 1000)) {
    const wrote = await ctx.services.metrics.lastWrite([run.id])
    const alive = wrote !== null && ctx.services.now().getTime() - wrote < LOST_AFTER_MS
    if (!alive && run.state === 'lost') continue
    await inTransaction(ctx, (tx) => (alive ? revive(tx, run, new Date(wrote)) : lose(tx, run)))
    tellState(ctx, run, run.id)
    changed++
  }
  return changed
}

async function lose(ctx: Context, run: SilentRun): Promise<void> {
  const scope = projectScope(run.workspaceId, run.projectId)
  const locked = await lockRun(ctx.db, scope, run.id)
  if (locked.state !== 'running') return
  const attempt = await newestAttempt(ctx.db, scope, run.id)
  // The last sign of life is the most that is known about its end.
  const endedAt = locked.lastContactAt
  if (attempt && attempt.endedAt === null) {
    await updateAttempt(ctx.db, scope, run.id, attempt.number, { endedAt, endReason: 'lost' })
    await setAllocationsEnd(ctx.db, scope, run.id, attempt.number, endedAt ?? ctx.services.now().toISOString())
  }
  await updateRun(ctx.db, scope, run.id, { state: 'lost', endedAt })
}

async function revive(ctx: Context, run: SilentRun, at: Date): Promise<void> {
  const scope = projectScope(run.workspaceId, run.projectId)
  await lockRun(ctx.db, scope, run.id)
  const attempt = await newestAttempt(ctx.db, scope, run.id)
  if (attempt?.endReason === 'lost') {
    await updateAttempt(ctx.db, scope, run.id, attempt.number, { endedAt: null, endReason: null })
    await setAllocationsEnd(ctx.db, scope, run.id, attempt.number, 'open')
  }
  if (attempt && attempt.endedAt !== null && attempt.endReason !== 'lost') return
  await updateRun(ctx.db, scope, run.id, { state: 'running', endedAt: null, lastContactAt: at.toISOString() })
}
