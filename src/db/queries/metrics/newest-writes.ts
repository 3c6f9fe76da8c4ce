import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

/** When the newest batch of each of these runs was received, sealed or not, ms; runs without any are left out. */
export async function newestWrites(sql: AnySql, runIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await sql.unsafe<{ run_id: number; at: number }[]>(
    `select run_id, (extract(epoch from max(received_at)) * 1000)::float8 as at
     from (
       select run_id, received_at from metric_tail where run_id = any($1::bigint[])
       union all
       select run_id, received_at from metric_seal where run_id = any($1::bigint[]) and received_at is not null
     ) w
     group by run_id`,
    [numbers(runIds)],
    { prepare: true },
  )
  return new Map(rows.map((row) => [row.run_id, row.at]))
}
