import { mayTake } from '#src/core/runs/states.ts'
import { updateRun } from '#src/db/queries/runs/update-run.ts'
import type { Run } from '#src/protocol/runs.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { tellState } from '#src/services/live/tell-state.ts'
import { openNamedRun, type RunPlace } from '#src/services/metrics/open-named-run.ts'
import { viewRunById } from './view.ts'

/**
 * Asks a run to stop: its program hears it with the next heartbeat or batch and decides when. Asking twice is asking once.
 *
 * @throws Refusal `conflict` for a run that has ended; `not_found`, `run_deleted`, `forbidden`
 */
export async function stopRun(ctx: Context, input: RunPlace): Promise<Run> {
  const { scope, run } = await openNamedRun(ctx, input, 'run:write')
  const { actor } = ctx
  if (actor.kind === 'job' || (actor.kind === 'apiKey' && actor.scope === 'ingest'))
    throw new Refusal(
      'forbidden',
      'People ask runs to stop, in the browser or with an admin key; a program ends itself.',
      {
        permission: 'run:write',
      },
    )
  if (!mayTake('stop', run.state))
    throw new Refusal(
      'conflict',
      `Run ${run.number} is ${run.state}; only what is queued, running or lost can be stopped.`,
    )
  if (run.stopRequestedAt === null)
    await updateRun(ctx.db, scope, run.id, { stopRequestedAt: ctx.services.now().toISOString() })
  tellState(ctx, scope, run.id)
  return viewRunById(ctx, scope, run.id)
}
