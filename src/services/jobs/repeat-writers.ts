import { listWritersToRepeat } from '#src/db/queries/agents/writers-to-repeat.ts'
import type { Context } from '#src/services/context.ts'
import { setWriters } from './tell-writers.ts'

/**
 * Tells the metrics store again what a crash between the two commits may have left out: who may write to the runs of living
 * jobs and of those that ended within `sinceS` seconds. Saying it twice changes nothing. For the clock.
 */
export async function repeatWriters(ctx: Context, sinceS: number): Promise<void> {
  await setWriters(ctx, await listWritersToRepeat(ctx.services.db, sinceS))
}
