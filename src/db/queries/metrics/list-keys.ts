import type { Orientation } from '../../../core/metrics/orientation.ts'
import type { AnySql } from '../../clients.ts'

export interface KeyRow {
  id: number
  name: string
  /** What somebody said; null: the name tells. */
  orientation: Orientation | null
}

/** The numbered metric names of a workspace. */
export async function listKeys(sql: AnySql, workspaceId: number): Promise<KeyRow[]> {
  return sql.unsafe<KeyRow[]>(
    'select id, name, orientation from metric_keys where workspace_id = $1::int',
    [workspaceId],
    {
      prepare: true,
    },
  )
}
