import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

/** When the newest attempt of each of these runs was made or began, ms; runs without any are left out. */
export async function newestAttempts(sql: AnySql, runIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await sql.unsafe<{ run_id: number; at: number }[]>(
    `select run_id, (extract(epoch from max(greatest(created_at, started_at))) * 1000)::float8 as at
     from attempts where run_id = any($1::bigint[])
     group by run_id`,
    [numbers(runIds)],
    { prepare: true },
  )
  return new Map(rows.map((row) => [row.run_id, row.at]))
}
