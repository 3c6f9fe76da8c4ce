import type { AnySql } from '../../clients.ts'

/**
 * Gives a writing process a number within its run. Of two that begin at once one gets no row, and asks again.
 *
 * @returns false when the number or the process was taken meanwhile
 */
export async function createStream(
  sql: AnySql,
  runId: number,
  clientId: string,
  { stream, attempt }: { stream: number; attempt: number },
): Promise<boolean> {
  const rows = await sql.unsafe(
    `insert into metric_stream (run_id, stream, client_id, attempt) values ($1::bigint, $2::int, $3::uuid, $4::int)
     on conflict do nothing
     returning stream`,
    [runId, stream, clientId, attempt],
    { prepare: true },
  )
  return rows.length > 0
}
