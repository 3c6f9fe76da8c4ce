import { redactText } from '#src/core/runs/redact.ts'
import { runEnded } from '#src/core/runs/states.ts'
import { setAllocationsEnd } from '#src/db/queries/runs/allocations.ts'
import { type AttemptRow, newestAttempt, updateAttempt } from '#src/db/queries/runs/attempts.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { noteProgress } from '#src/db/queries/runs/set-running.ts'
import type { RunHeartbeat } from '#src/protocol/runs.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { openRun } from './open.ts'
import { refuseStaleHolder } from './refuse-stale.ts'
import { tellWriter } from './tell-writer.ts'

/**
 * A sign of life of an attempt, with its progress: the run is `running`, also when it was taken for lost. Answers whether it was
 * asked to stop.
 *
 * @throws Refusal `stale_fence` when a newer attempt has begun; `conflict` before the first attempt; `not_found`,
 *   `run_deleted`, `forbidden`
 */
export async function heartbeatRun(ctx: Context, input: RunHeartbeat & { run: string }): Promise<{ stop: boolean }> {
  const { scope, run } = await openRun(ctx, input.run, 'run:write')
  await refuseStaleHolder(ctx, scope, run.id, input.attempt)
  const { stop, healed } = await inTransaction(ctx, async (tx) => {
    // Held, so that no newer attempt begins between the look at the newest and the sign of life.
    const locked = await lockRun(tx.db, scope, run.id)
    const newest = requireNewest(await newestAttempt(tx.db, scope, run.id), locked.number, input.attempt)
    // A job that was given up for good has ended its run too; such an attempt stays over.
    const heals = newest.endReason === 'lost' && !runEnded(locked.state)
    if (newest.endedAt !== null && !heals) return { stop: locked.stopRequestedAt !== null, healed: null }
    if (heals) {
      await updateAttempt(tx.db, scope, run.id, newest.number, { endedAt: null, endReason: null })
      await setAllocationsEnd(tx.db, scope, run.id, newest.number, 'open')
    }
    const stop = await noteProgress(tx.db, scope, run.id, {
      step: input.step,
      totalSteps: input.total_steps,
      message: input.message === undefined ? undefined : redactText(input.message),
    })
    return { stop, healed: heals ? newest : null }
  })
  if (healed) await tellWriter(ctx, run.id, { fence: healed.fence, attempt: healed.number, state: 'open' })
  tellState(ctx, scope, run.id, healed ? 'state' : 'progress')
  return { stop }
}

function requireNewest(newest: AttemptRow | null, run: number, attempt: number): AttemptRow {
  if (!newest || attempt > newest.number)
    throw new Refusal('conflict', `Attempt ${attempt} of run ${run} has not begun; start it first.`)
  if (attempt < newest.number)
    throw new Refusal('stale_fence', `Attempt ${newest.number} of run ${run} has begun; attempt ${attempt} is over.`, {
      fence: newest.fence,
    })
  return newest
}
