import type { AnySql } from '../../clients.ts'

/** The metrics and attempts of which a run has sealed points. */
export async function listSeries(sql: AnySql, runId: number): Promise<{ metricId: number; attempt: number }[]> {
  const rows = await sql.unsafe<{ metric_id: number; attempt: number }[]>(
    'select metric_id, attempt from metric_series where run_id = $1::bigint order by metric_id, attempt',
    [runId],
    { prepare: true },
  )
  return rows.map((row) => ({ metricId: row.metric_id, attempt: row.attempt }))
}
