import type { AnySql } from '../../clients.ts'

/** The numbered metric names of a workspace. */
export async function listKeys(sql: AnySql, workspaceId: number): Promise<{ id: number; name: string }[]> {
  return sql.unsafe<{ id: number; name: string }[]>(
    'select id, name from metric_keys where workspace_id = $1::int',
    [workspaceId],
    {
      prepare: true,
    },
  )
}
