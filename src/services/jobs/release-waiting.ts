import { fillEdges } from '#src/db/queries/agents/fill-edges.ts'
import { queueResolvedJobs } from '#src/db/queries/agents/queue-resolved-jobs.ts'
import { resolveInputs } from '#src/db/queries/agents/resolve-inputs.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'

/**
 * Gives waiting jobs the checkpoints that exist by now and makes those claimable that have all of theirs; planned edges learn
 * the checkpoint too. The scope must be proven; called within the transaction of what made the checkpoint final.
 *
 * @param experimentId only jobs that wait for this experiment; all of the workspace when absent
 * @returns how many jobs became claimable
 */
export async function releaseWaitingJobs(ctx: Context, scope: Scope, experimentId?: number): Promise<number> {
  const filled = await resolveInputs(ctx.db, scope, experimentId)
  if (filled === 0) return 0
  await fillEdges(ctx.db, scope)
  return queueResolvedJobs(ctx.db, scope)
}
