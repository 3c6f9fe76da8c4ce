import type { AnySql } from '../../clients.ts'

/**
 * Numbers a writing process within its run. Of two that begin at once one gets no row, and asks again.
 *
 * @returns null when the number or the process was taken meanwhile
 */
export async function createStream(
  sql: AnySql,
  runId: number,
  clientId: string,
  attempt: number,
): Promise<number | null> {
  const rows = await sql.unsafe<{ stream: number }[]>(
    `insert into metric_stream (run_id, stream, client_id, attempt)
     select $1::bigint, coalesce(max(stream), 0) + 1, $2::uuid, $3::int from metric_stream where run_id = $1::bigint and stream > 0
     on conflict do nothing
     returning stream`,
    [runId, clientId, attempt],
    { prepare: true },
  )
  return rows[0]?.stream ?? null
}
