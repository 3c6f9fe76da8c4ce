import { sql } from 'drizzle-orm'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'
import { holdsAll, rankOf, type Sought } from './everything.ts'

export interface FoundKey extends Record<string, unknown> {
  kind: 'config' | 'metric' | 'benchmark'
  /** The path of a config value, the name of a metric, or the short name of a benchmark. */
  key: string
  /** What people call it, where that is something else. */
  name: string | null
  found: number
}

/** Metrics, config keys and benchmarks of the workspace whose name contains the words, best first; in a project those that it has. */
export async function findKeysNamed(
  db: Handle,
  scope: Scope,
  { words, text, projectId, limit }: Sought,
): Promise<FoundKey[]> {
  const logged =
    projectId === null
      ? sql`true`
      : sql`exists (select from metric_latest l where l.project_id = ${projectId}::int and l.metric_id = k.id)`
  const configured =
    projectId === null
      ? sql`true`
      : sql`exists (select from config_values v where v.project_id = ${projectId}::int and v.key_id = k.id)`
  return db.execute<FoundKey>(sql`
    with named as (
      select 'metric' as kind, k.name as key, null::text as name, ${rankOf(sql`k.name`, text)} as place
      from metric_keys k
      where k.workspace_id = ${scope.workspaceId} and ${holdsAll(sql`k.name`, words)} and ${logged}
      union all
      select 'config', k.path, null, ${rankOf(sql`k.path`, text)}
      from config_keys k
      where k.workspace_id = ${scope.workspaceId} and ${holdsAll(sql`k.path`, words)} and ${configured}
      union all
      select 'benchmark', b.slug, nullif(b.name, b.slug), least(${rankOf(sql`b.slug`, text)}, ${rankOf(sql`b.name`, text)})
      from benchmarks b
      where b.workspace_id = ${scope.workspaceId} and (${holdsAll(sql`b.slug`, words)} or ${holdsAll(sql`b.name`, words)})
    )
    select kind, key, name, count(*) over ()::int as found from named order by place, length(key), key limit ${limit}`)
}
