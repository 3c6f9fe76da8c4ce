import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

/** When the newest batch of these runs was received, sealed or not, ms; null without any. */
export async function newestWrite(sql: AnySql, runIds: readonly number[]): Promise<number | null> {
  const rows = await sql.unsafe<{ at: number | null }[]>(
    `select (extract(epoch from greatest(
       (select max(received_at) from metric_tail where run_id = any($1::bigint[])),
       (select max(received_at) from metric_seal where run_id = any($1::bigint[])))) * 1000)::float8 as at`,
    [numbers(runIds)],
    { prepare: true },
  )
  return rows[0]?.at ?? null
}
