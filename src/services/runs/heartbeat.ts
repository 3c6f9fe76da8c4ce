import { redactText } from '#src/core/runs/redact.ts'
import { setAllocationsEnd } from '#src/db/queries/runs/allocations.ts'
import { newestAttempt, updateAttempt } from '#src/db/queries/runs/attempts.ts'
import { noteProgress } from '#src/db/queries/runs/set-running.ts'
import type { RunHeartbeat } from '#src/protocol/runs.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
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
  const newest = await newestAttempt(ctx.db, scope, run.id)
  if (!newest || input.attempt > newest.number)
    throw new Refusal('conflict', `Attempt ${input.attempt} of run ${run.number} has not begun; start it first.`)
  if (input.attempt < newest.number)
    throw new Refusal(
      'stale_fence',
      `Attempt ${newest.number} of run ${run.number} has begun; attempt ${input.attempt} is over.`,
      {
        fence: newest.fence,
      },
    )
  const heals = newest.endReason === 'lost'
  if (newest.endedAt !== null && !heals) return { stop: run.stopRequestedAt !== null }
  const stop = await inTransaction(ctx, async (tx) => {
    if (heals) {
      await updateAttempt(tx.db, scope, run.id, newest.number, { endedAt: null, endReason: null })
      await setAllocationsEnd(tx.db, scope, run.id, newest.number, 'open')
    }
    return noteProgress(tx.db, scope, run.id, {
      step: input.step,
      totalSteps: input.total_steps,
      message: input.message === undefined ? undefined : redactText(input.message),
    })
  })
  if (heals) await tellWriter(ctx, run.id, { fence: newest.fence, attempt: newest.number, state: 'open' })
  return { stop }
}
