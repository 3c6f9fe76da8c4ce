import { sql } from 'drizzle-orm'
import type { Orientation } from '../../../core/metrics/orientation.ts'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

/** Numbers of metrics by name, with the direction that somebody said; one that nobody ever logged is left out. */
export async function findMetricKeys(
  db: Handle,
  scope: Scope,
  names: readonly string[],
): Promise<{ id: number; name: string; orientation: Orientation | null }[]> {
  if (names.length === 0) return []
  return db.execute<{ id: number; name: string; orientation: Orientation | null }>(sql`
    select id, name, orientation from metric_keys
    where workspace_id = ${scope.workspaceId}::int and name = any(${sql.param([...names])}::text[])`)
}
