import { listStandingCheckpoints } from '#src/db/queries/checkpoints/list-standing.ts'
import { writeCheckpointMetrics } from '#src/db/queries/checkpoints/write-metrics.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'

/** Checkpoints whose values one reading of the run's points finds. */
const AT_ONCE = 100

/** Keeps the metric values at the steps of checkpoints, or the last before each, as far as they have arrived by now. */
export async function keepCheckpointMetrics(
  ctx: Context,
  scope: ProjectScope,
  runId: number,
  checkpoints: readonly { id: number; step: number }[],
): Promise<void> {
  for (let at = 0; at < checkpoints.length; at += AT_ONCE) {
    const some = checkpoints.slice(at, at + AT_ONCE)
    const values = await ctx.services.metrics.valuesAt(
      runId,
      some.map((checkpoint) => checkpoint.step),
    )
    for (const [i, { id }] of some.entries()) await writeCheckpointMetrics(ctx.db, scope, id, values[i] ?? new Map())
  }
}

/**
 * The same once more for a run whose program says that it ends: metrics and checkpoints travel apart, so a batch with a
 * checkpoint's step may come after its commit. Ingest is spared a look at every batch: until then, and for good where a program
 * dies without a word or sends a spool after its end, the values are those of the commit. Finishing again repeats it.
 */
export async function renewCheckpointMetrics(ctx: Context, scope: ProjectScope, runId: number): Promise<void> {
  await keepCheckpointMetrics(ctx, scope, runId, await listStandingCheckpoints(ctx.db, scope, runId))
}
