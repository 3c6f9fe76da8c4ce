import { nearestCheckpoint } from '#src/core/checkpoints/nearest-checkpoint.ts'
import { listStandingCheckpoints } from '#src/db/queries/checkpoints/list-standing.ts'
import type { NearestCheckpoint } from '#src/protocol/provenance.ts'
import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { openNamedRun, type RunPlace } from '#src/services/metrics/open-named-run.ts'

/**
 * The checkpoint of a run nearest to a step, or to tokens so far, of those that its present course passed; the earlier of two that are
 * as near.
 *
 * @throws Refusal `invalid_request` without a place, or with two; `not_found`, `forbidden`
 */
export async function getNearestCheckpoint(
  ctx: Context,
  input: RunPlace & { step?: number | undefined; tokens?: number | undefined },
): Promise<NearestCheckpoint> {
  const { scope, run } = await openNamedRun(ctx, input, 'checkpoint:read')
  const { step, tokens } = input
  if ((step === undefined) === (tokens === undefined))
    throw invalid('/step', 'Name one place of the curve: step=4000, or tokens=8000000.')
  const place = step === undefined ? { tokens: tokens ?? 0 } : { step }
  const found = nearestCheckpoint(await listStandingCheckpoints(ctx.db, scope, run.id), place)
  return { checkpoint: found && { id: found.uid, step: found.step } }
}
