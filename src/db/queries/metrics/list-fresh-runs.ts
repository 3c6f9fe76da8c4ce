import type { AnySql } from '../../clients.ts'

/**
 * Runs whose newest batch came within `windowMs` of the newest batch of all. A server that was killed wrote its summaries at most
 * that long before: those of every other run are up to date.
 */
export async function listFreshRuns(sql: AnySql, windowMs: number): Promise<number[]> {
  const rows = await sql.unsafe<{ run_id: number }[]>(
    `select distinct run_id from metric_tail
     where received_at >= (select max(received_at) from metric_tail) - make_interval(secs => $1::float8)`,
    [windowMs / 1000],
    { prepare: true },
  )
  return rows.map((row) => row.run_id)
}
