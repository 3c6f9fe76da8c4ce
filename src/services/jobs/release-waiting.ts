import { fillEdges } from '#src/db/queries/agents/fill-edges.ts'
import { queueResolvedJobs } from '#src/db/queries/agents/queue-resolved-jobs.ts'
import { resolveInputs } from '#src/db/queries/agents/resolve-inputs.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { holdUp } from './hold-up.ts'

/**
 * Gives waiting jobs the checkpoints that exist by now and makes those claimable that have all of theirs; planned edges learn
 * the checkpoint too. Training that starts from a stage with a shut gate goes on waiting, and says why. The scope must be proven;
 * called within the transaction of what made the checkpoint final.
 *
 * @param experimentId only jobs that wait for this experiment; all of the workspace when absent
 * @returns how many jobs became claimable, and the stages whose gate holds others up
 */
export async function releaseWaitingJobs(
  ctx: Context,
  scope: Scope,
  experimentId?: number,
): Promise<{ released: number; shut: readonly number[] }> {
  const shut = await holdUp(ctx, scope, experimentId)
  const filled = await resolveInputs(ctx.db, scope, { experimentId, shut })
  if (filled === 0) return { released: 0, shut }
  await fillEdges(ctx.db, scope)
  return { released: await queueResolvedJobs(ctx.db, scope), shut }
}
