import type { AnySql } from '../../clients.ts'
import type { KeyRow } from './list-keys.ts'

/** The metric names of a workspace that runs of one of its projects have logged. */
export async function listProjectKeys(sql: AnySql, workspaceId: number, projectId: number): Promise<KeyRow[]> {
  return sql.unsafe<KeyRow[]>(
    `select k.id, k.name, k.orientation from metric_keys k
     where k.workspace_id = $1::int
       and exists (select 1 from metric_latest l where l.project_id = $2::int and l.metric_id = k.id)`,
    [workspaceId, projectId],
    { prepare: true },
  )
}
