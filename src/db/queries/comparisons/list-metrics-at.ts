import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Metric values at the steps of checkpoints; a value that is not finite is null. */
export async function listMetricsAt(
  db: Handle,
  scope: Scope,
  checkpointIds: readonly number[],
): Promise<{ checkpoint_id: number; key: string; value: number | null }[]> {
  if (checkpointIds.length === 0) return []
  return await db.execute<{ checkpoint_id: number; key: string; value: number | null }>(sql`
    select m.checkpoint_id, k.name as key, m.value
    from checkpoint_metrics m
    join checkpoints c on c.id = m.checkpoint_id and c.workspace_id = ${scope.workspaceId}
    join metric_keys k on k.workspace_id = c.workspace_id and k.id = m.metric_id
    where m.checkpoint_id in ${[...checkpointIds]}`)
}
