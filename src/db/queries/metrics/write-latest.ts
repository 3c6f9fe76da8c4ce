import type { Summary } from '../../../core/metrics/summary.ts'
import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

export interface LatestRow {
  runId: number
  metricId: number
  projectId: number
  summary: Summary
}

/**
 * Replaces the summaries of these metrics; no (run, metric) twice. A run that moved to another project since it was looked up has them
 * there: its row tells, held so that it does not move meanwhile.
 */
export async function writeLatest(sql: AnySql, rows: readonly LatestRow[]): Promise<void> {
  const column = (of: (row: LatestRow) => number | null) => numbers(rows.map(of))
  const values = (of: (summary: Summary) => number | null) => floats(rows.map((row) => of(row.summary)))
  const counts = (of: (summary: Summary) => number | null) => numbers(rows.map((row) => of(row.summary)))
  await sql.unsafe(
    `with homes as materialized (
       select id, project_id from runs where id = any($1::bigint[]) order by id for key share
     )
     insert into metric_latest (run_id, metric_id, project_id, step, t, value, first_step, first_value, vmin, vmin_step, vmax, vmax_step, n)
     select n.run_id, n.metric_id, coalesce(h.project_id, n.project_id), n.step, n.t, n.value, n.first_step, n.first_value, n.vmin,
       n.vmin_step, n.vmax, n.vmax_step, n.n
     from unnest($1::bigint[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::float8[], $7::bigint[], $8::float8[],
       $9::float8[], $10::bigint[], $11::float8[], $12::bigint[], $13::bigint[])
       as n(run_id, metric_id, project_id, step, t, value, first_step, first_value, vmin, vmin_step, vmax, vmax_step, n)
     left join homes h on h.id = n.run_id
     on conflict (run_id, metric_id) do update set
       project_id = excluded.project_id, step = excluded.step, t = excluded.t, value = excluded.value,
       first_step = excluded.first_step, first_value = excluded.first_value, vmin = excluded.vmin, vmin_step = excluded.vmin_step,
       vmax = excluded.vmax, vmax_step = excluded.vmax_step, n = excluded.n`,
    [
      column((row) => row.runId),
      column((row) => row.metricId),
      column((row) => row.projectId),
      counts((s) => s.lastStep),
      counts((s) => s.lastTime),
      values((s) => s.lastValue),
      counts((s) => s.firstStep),
      values((s) => s.firstValue),
      values((s) => s.min),
      counts((s) => s.minStep),
      values((s) => s.max),
      counts((s) => s.maxStep),
      counts((s) => s.n),
    ],
    { prepare: true },
  )
}

/** An array literal that keeps -0, which a template literal would write as 0. */
function floats(values: readonly (number | null)[]): string {
  return `{${values.map((v) => (v === null ? 'NULL' : Object.is(v, -0) ? '-0' : v)).join(',')}}`
}
