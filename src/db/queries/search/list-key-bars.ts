import { sql } from 'drizzle-orm'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

/** Runs of a key that its picture is made of: the newest. */
export const SAMPLED_RUNS = 2_000
export const BARS = 16

export interface NumberKey {
  id: number
  low: number
  high: number
}

export interface BarRow extends Record<string, unknown> {
  id: number
  /** 1 to `BARS`. */
  bar: number
  runs: number
}

const unnestedKeys = (keys: readonly NumberKey[]) =>
  sql`unnest(${sql.param(keys.map((k) => k.id))}::int[], ${sql.param(keys.map((k) => k.low))}::float8[],
    ${sql.param(keys.map((k) => k.high))}::float8[]) k(id, low, high)`

const barOf = sql`least(${BARS}::int, greatest(1, width_bucket(s.value, k.low, k.high, ${BARS}::int)))`

/** How the numbers of config keys lie between their least and greatest, which must differ. */
export async function listConfigBars(db: Handle, scope: ProjectScope, keys: readonly NumberKey[]): Promise<BarRow[]> {
  if (keys.length === 0) return []
  return db.execute<BarRow>(sql`
    select k.id, ${barOf} as bar, count(*) as runs
    from ${unnestedKeys(keys)} cross join lateral (
      select v.number as value from config_values v
      where v.project_id = ${scope.projectId}::int and v.key_id = k.id and v.number is not null order by v.run_id desc limit ${SAMPLED_RUNS}
    ) s group by k.id, bar`)
}

/** The same of the last values of metrics; what is not finite is left out. */
export async function listMetricBars(db: Handle, scope: ProjectScope, keys: readonly NumberKey[]): Promise<BarRow[]> {
  if (keys.length === 0) return []
  return db.execute<BarRow>(sql`
    select k.id, ${barOf} as bar, count(*) as runs
    from ${unnestedKeys(keys)} cross join lateral (
      select l.value from metric_latest l
      where l.project_id = ${scope.projectId}::int and l.metric_id = k.id and l.value between -1e308 and 1e308
      order by l.run_id desc limit ${SAMPLED_RUNS}
    ) s group by k.id, bar`)
}

/** The most common texts and truths of config keys among their newest runs. */
export async function listConfigWords(
  db: Handle,
  scope: ProjectScope,
  keyIds: readonly number[],
): Promise<{ id: number; word: string; runs: number }[]> {
  if (keyIds.length === 0) return []
  return db.execute<{ id: number; word: string; runs: number }>(sql`
    select k.id, w.word, w.runs
    from unnest(${sql.param([...keyIds])}::int[]) k(id) cross join lateral (
      select s.word, count(*) as runs from (
        select coalesce(v.text, v.truth::text) as word from config_values v
        where v.project_id = ${scope.projectId}::int and v.key_id = k.id and v.number is null order by v.run_id desc limit ${SAMPLED_RUNS}
      ) s group by s.word order by count(*) desc, s.word collate "C" limit 8
    ) w order by k.id, w.runs desc, w.word collate "C"`)
}
