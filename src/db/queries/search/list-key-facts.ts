import { sql } from 'drizzle-orm'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export interface KeyFacts extends Record<string, unknown> {
  id: number
  name: string
  runs: number
  numbers: number
  texts: number
  truths: number
  low: number | null
  high: number | null
}

/** Every config key of a project's runs, with how many runs have it and between which numbers; the most common first. */
export async function listConfigFacts(db: Handle, scope: ProjectScope): Promise<KeyFacts[]> {
  return db.execute<KeyFacts>(sql`
    select k.id, k.path as name, f.runs, f.numbers, f.texts, f.truths, f.low, f.high
    from (
      select v.key_id, count(*) as runs, count(v.number) as numbers, count(v.text) as texts, count(v.truth) as truths,
        min(v.number) as low, max(v.number) as high
      from config_values v where v.project_id = ${scope.projectId}::int group by v.key_id
    ) f join config_keys k on k.workspace_id = ${scope.workspaceId}::int and k.id = f.key_id
    order by f.runs desc, k.path collate "C"`)
}

/** Every metric of a project's runs, with how many runs logged it and between which last values; the most common first. */
export async function listMetricFacts(db: Handle, scope: ProjectScope): Promise<KeyFacts[]> {
  return db.execute<KeyFacts>(sql`
    select k.id, k.name, f.runs, f.runs as numbers, 0 as texts, 0 as truths, f.low, f.high
    from (
      select l.metric_id, count(*) as runs, min(l.value) as low,
        max(case when l.value <> 'NaN' then l.value end) as high
      from metric_latest l where l.project_id = ${scope.projectId}::int group by l.metric_id
    ) f join metric_keys k on k.workspace_id = ${scope.workspaceId}::int and k.id = f.metric_id
    order by f.runs desc, k.name collate "C"`)
}
