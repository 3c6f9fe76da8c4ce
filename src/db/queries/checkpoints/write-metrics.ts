import { sql } from 'drizzle-orm'
import { checkpointMetrics } from '#src/db/schema/checkpoints.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

const ROWS_PER_STATEMENT = 5000

/**
 * Keeps the metric values at a checkpoint's step; later values replace earlier ones. The scope is that of the checkpoint, whose
 * id the caller has from it.
 */
export async function writeCheckpointMetrics(
  db: Handle,
  _scope: Scope,
  checkpointId: number,
  values: ReadonlyMap<number, number>,
): Promise<void> {
  const rows = [...values].map(([metricId, value]) => ({ checkpointId, metricId, value }))
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT)
    await db
      .insert(checkpointMetrics)
      .values(rows.slice(at, at + ROWS_PER_STATEMENT))
      .onConflictDoUpdate({
        target: [checkpointMetrics.checkpointId, checkpointMetrics.metricId],
        set: { value: sql`excluded.value` },
      })
}
