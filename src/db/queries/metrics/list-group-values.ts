import { sql } from 'drizzle-orm'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export interface GroupValueRow extends Record<string, unknown> {
  id: number
  number: number
  /** Its stage and the project of it. */
  experiment_id: number
  experiment: string
  experiment_number: number
  project_id: number
  project: string
  /** The value of the config; null where it has none under this name or path. */
  value: unknown
  is_there: boolean
}

/**
 * What runs may have in common: their stage and the value of their config under a key, which is a name at the top or else a path of
 * names and places with dots between.
 */
export async function listGroupValues(
  db: Handle,
  scope: Scope,
  runIds: readonly number[],
  key: string | null,
): Promise<GroupValueRow[]> {
  if (runIds.length === 0) return []
  const path = key === null ? [] : key.split('.')
  const value = sql`case when r.config ? ${key ?? ''} then r.config -> ${key ?? ''}
    else r.config #> ${sql.param(path)}::text[] end`
  return await db.execute<GroupValueRow>(sql`
    select r.id, r.number, x.id as experiment_id, x.name as experiment, x.number as experiment_number,
      x.project_id, p.name as project,
      ${key === null ? sql`null::jsonb` : value} as value, ${key === null ? sql`false` : sql`(${value}) is not null`} as is_there
    from runs r join experiments x on x.id = r.experiment_id join projects p on p.id = x.project_id
    where r.workspace_id = ${scope.workspaceId}
      and r.id = any(${sql.param([...runIds])}::bigint[])
    order by x.project_id, r.number`)
}
