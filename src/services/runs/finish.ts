import { redactText } from '#src/core/runs/redact.ts'
import { runStateAfter } from '#src/core/runs/states.ts'
import { instantOf, millisOf } from '#src/db/queries/instant.ts'
import { setAllocationsEnd } from '#src/db/queries/runs/allocations.ts'
import { findAttempt, newestAttempt, updateAttempt } from '#src/db/queries/runs/attempts.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { updateRun } from '#src/db/queries/runs/update-run.ts'
import type { Run, RunFinish } from '#src/protocol/runs.ts'
import { renewCheckpointMetrics } from '#src/services/checkpoints/keep-metrics.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { openRun } from './open.ts'
import { refuseStaleHolder } from './refuse-stale.ts'
import { tellWriter } from './tell-writer.ts'
import { toldTime } from './told-time.ts'
import { viewRunById } from './view.ts'

/**
 * Ends an attempt once every stream that the call names is whole. The run's state follows from its newest attempt; hardware is
 * held no longer, its summaries are written before it is told to have ended, and checkpoints learn the metrics of their steps that
 * came after them. Finishing again changes nothing else, except that a lost attempt may still say how it ended. A run that is told
 * afterwards says when it ended.
 *
 * @throws Refusal `stream_gap` (`stream`, `expected_seq`) while a named stream has holes; `conflict` for an attempt that never
 *   began; `invalid_request` for an end in the future or before its start; `stale_fence`, `not_found`, `run_deleted`, `forbidden`
 */
export async function finishRun(ctx: Context, input: RunFinish & { run: string }): Promise<Run> {
  const { scope, run } = await openRun(ctx, input.run, 'run:write')
  await refuseStaleHolder(ctx, scope, run.id, input.attempt)
  const endedAt = toldTime(ctx, input.ended_at, '/ended_at')
  for (const { stream, last_seq } of input.streams) await ctx.services.metrics.closeStream(run.id, stream, last_seq)
  await ctx.services.metrics.flush(run.id)
  const writer = await inTransaction(ctx, async (tx) => {
    await lockRun(tx.db, scope, run.id)
    const attempt = await findAttempt(tx.db, scope, run.id, input.attempt)
    if (!attempt)
      throw new Refusal('conflict', `Attempt ${input.attempt} of run ${run.number} has not begun; start it first.`)
    if (attempt.endedAt !== null && attempt.endReason !== 'lost') return null
    if (attempt.startedAt && millisOf(endedAt) < millisOf(attempt.startedAt))
      throw invalid(
        '/ended_at',
        `ended_at is ${endedAt}, before attempt ${attempt.number} began (${instantOf(attempt.startedAt)}).`,
      )
    // Where contact was lost the end was a guess; now it is told.
    if (attempt.endReason === 'lost') await setAllocationsEnd(tx.db, scope, run.id, input.attempt, 'open')
    await updateAttempt(tx.db, scope, run.id, input.attempt, {
      endedAt,
      endReason: input.reason,
      exitCode: input.exit_code ?? null,
      error: input.error ? redactText(input.error) : null,
    })
    await setAllocationsEnd(tx.db, scope, run.id, input.attempt, endedAt)
    const newest = await newestAttempt(tx.db, scope, run.id)
    if (newest?.number !== input.attempt) return null
    await updateRun(tx.db, scope, run.id, {
      state: runStateAfter(input.reason),
      endedAt,
      lastContactAt: ctx.services.now().toISOString(),
    })
    return { fence: attempt.fence, attempt: attempt.number, state: 'finished' as const }
  })
  if (writer) await tellWriter(ctx, run.id, writer)
  await renewCheckpointMetrics(ctx, scope, run.id)
  tellState(ctx, scope, run.id)
  return viewRunById(ctx, scope, run.id)
}
