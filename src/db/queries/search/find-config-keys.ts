import { sql } from 'drizzle-orm'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

/** Numbers of config keys by their path; one that no run of the workspace ever had is left out. */
export async function findConfigKeys(
  db: Handle,
  scope: Scope,
  paths: readonly string[],
): Promise<{ id: number; path: string }[]> {
  if (paths.length === 0) return []
  return db.execute<{ id: number; path: string }>(sql`
    select id, path from config_keys
    where workspace_id = ${scope.workspaceId}::int and path = any(${sql.param([...paths])}::text[])`)
}
