import type { AnySql } from '../../clients.ts'

/** Notes how many batches a stream has in all. */
export async function closeStream(sql: AnySql, runId: number, clientId: string, lastSeq: number): Promise<void> {
  await sql.unsafe(
    'update metric_stream set last_seq = $3::bigint where run_id = $1::bigint and client_id = $2::uuid',
    [runId, clientId, lastSeq],
    { prepare: true },
  )
}
