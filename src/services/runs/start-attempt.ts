import { toldHardware } from '#src/core/runs/told-hardware.ts'
import { findCheckpoint } from '#src/db/queries/checkpoints/find-checkpoint.ts'
import { instantOf, millisOf } from '#src/db/queries/instant.ts'
import { insertToldAllocations, setAllocationsEnd } from '#src/db/queries/runs/allocations.ts'
import { findAttempt, insertAttempt, newestAttempt, updateAttempt } from '#src/db/queries/runs/attempts.ts'
import type { RunRow } from '#src/db/queries/runs/locate-run.ts'
import { lockRun } from '#src/db/queries/runs/lock-run.ts'
import { setRunning } from '#src/db/queries/runs/set-running.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { AttemptInput, AttemptStarted } from '#src/protocol/runs.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { openRun } from './open.ts'
import { refuseStaleHolder } from './refuse-stale.ts'
import { tellWriter } from './tell-writer.ts'
import { toldTime } from './told-time.ts'

export interface StartAttemptInput extends AttemptInput {
  run: string
}

interface Begun {
  number: number
  firstStep: number
}

/**
 * Begins an attempt. With a job token it is the job's own, which the claim has made: calling it again changes nothing.
 * Otherwise the next number; an attempt that is still open ends as lost. `first_step` is the step of the checkpoint that it
 * resumes from, plus one. A run that is told afterwards says when it began.
 *
 * @throws Refusal `not_found`, `run_deleted`, `stale_fence`, `forbidden`; `invalid_request` for a checkpoint of another run, or a
 *   start in the future or before that of the attempt before
 */
export async function startAttempt(ctx: Context, input: StartAttemptInput): Promise<AttemptStarted> {
  const { scope, run } = await openRun(ctx, input.run, 'run:write')
  await refuseStaleHolder(ctx, scope, run.id)
  const at = toldTime(ctx, input.started_at, '/started_at')
  const begun = await inTransaction(ctx, async (tx) => {
    const locked = await lockRun(tx.db, scope, run.id)
    const attempt =
      ctx.actor.kind === 'job'
        ? await beginClaimed(tx, scope, locked, input, at)
        : await beginNext(tx, scope, locked, input, at)
    await setRunning(tx.db, scope, run.id, { at, anew: ctx.actor.kind !== 'job' })
    return attempt
  })
  const fence = ctx.actor.kind === 'job' ? ctx.actor.fence : 0
  await tellWriter(ctx, run.id, { fence, attempt: begun.number, state: 'open' })
  await ctx.services.metrics.startAttempt(run.id, begun.number, begun.firstStep)
  tellState(ctx, scope, run.id)
  return { attempt: begun.number, first_step: begun.firstStep }
}

async function beginClaimed(
  tx: Context,
  scope: ProjectScope,
  run: RunRow,
  input: StartAttemptInput,
  at: string,
): Promise<Begun> {
  const number = tx.actor.kind === 'job' ? tx.actor.attempt : 1
  const claimed = await findAttempt(tx.db, scope, run.id, number)
  if (!claimed) return insertNext(tx, scope, run, number, input, at)
  if (claimed.startedAt === null)
    await updateAttempt(tx.db, scope, run.id, number, {
      startedAt: at,
      ...(input.host && !claimed.host && { host: input.host }),
    })
  return { number, firstStep: claimed.firstStep }
}

async function beginNext(
  tx: Context,
  scope: ProjectScope,
  run: RunRow,
  input: StartAttemptInput,
  at: string,
): Promise<Begun> {
  const newest = await newestAttempt(tx.db, scope, run.id)
  if (newest?.startedAt && millisOf(at) < millisOf(newest.startedAt))
    throw invalid(
      '/started_at',
      `started_at is ${at}, before attempt ${newest.number} began (${instantOf(newest.startedAt)}). Tell attempts in their order.`,
    )
  if (newest && newest.endedAt === null)
    await updateAttempt(tx.db, scope, run.id, newest.number, { endedAt: at, endReason: 'lost' })
  if (newest) await setAllocationsEnd(tx.db, scope, run.id, newest.number, at)
  const begun = await insertNext(tx, scope, run, (newest?.number ?? 0) + 1, input, at)
  await insertToldAllocations(tx.db, scope, run.id, begun.number, toldHardware(run.environment), at)
  return begun
}

async function insertNext(
  tx: Context,
  scope: ProjectScope,
  run: RunRow,
  number: number,
  input: StartAttemptInput,
  at: string,
): Promise<Begun> {
  const from = input.from_checkpoint ? await findCheckpoint(tx.db, scope, input.from_checkpoint) : null
  if (input.from_checkpoint && from?.runId !== run.id)
    throw invalid(
      '/from_checkpoint',
      `The checkpoint ${input.from_checkpoint} is not one of this run. A start from another run's weights is an edge to a parent.`,
    )
  const firstStep = from ? from.step + 1 : (input.first_step ?? 0)
  await insertAttempt(tx.db, scope, {
    runId: run.id,
    number,
    firstStep,
    fromCheckpointId: from?.id ?? null,
    host: input.host ?? null,
    startedAt: at,
  })
  return { number, firstStep }
}
