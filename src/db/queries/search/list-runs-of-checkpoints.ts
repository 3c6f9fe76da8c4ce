import { sql } from 'drizzle-orm'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export interface RunOfCheckpoint extends Record<string, unknown> {
  checkpoint_id: number
  run_id: number
  project_id: number
}

/** Which run wrote each checkpoint, in any project of the workspace; one that no run wrote is left out. */
export async function listRunsOfCheckpoints(
  db: Handle,
  scope: Scope,
  checkpointIds: readonly number[],
): Promise<RunOfCheckpoint[]> {
  if (checkpointIds.length === 0) return []
  return db.execute<RunOfCheckpoint>(sql`
    select c.id as checkpoint_id, c.run_id, c.project_id from checkpoints c
    where c.workspace_id = ${scope.workspaceId}::int and c.id = any(${sql.param([...checkpointIds])}::bigint[]) and c.run_id is not null`)
}
