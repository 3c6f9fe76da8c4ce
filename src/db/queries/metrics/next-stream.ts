import type { AnySql } from '../../clients.ts'

/** The number that the next writing process of a run would get. */
export async function nextStream(sql: AnySql, runId: number): Promise<number> {
  const rows = await sql.unsafe<{ stream: number }[]>(
    `select coalesce(max(stream), 0) + 1 as stream from metric_stream where run_id = $1::bigint and stream > 0`,
    [runId],
    { prepare: true },
  )
  return rows[0]?.stream ?? 1
}
