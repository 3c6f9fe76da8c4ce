import type { AnySql } from '../../clients.ts'
import { numbers } from './insert-batches.ts'

/** When the newest batch in the tail of these runs was received, ms; null without any. */
export async function newestWrite(sql: AnySql, runIds: readonly number[]): Promise<number | null> {
  const rows = await sql.unsafe<{ at: number | null }[]>(
    `select (extract(epoch from max(received_at)) * 1000)::float8 as at from metric_tail where run_id = any($1::bigint[])`,
    [numbers(runIds)],
    { prepare: true },
  )
  return rows[0]?.at ?? null
}
