import type { AnySql } from '../../clients.ts'
import type { BatchExplanation } from '../metrics/explain-batches.ts'
import { numbers } from '../metrics/insert-batches.ts'

/** Why chunks of a run were not stored, in any order. */
export async function explainChunks(
  sql: AnySql,
  runId: number,
  chunks: readonly { stream: number; seq: number }[],
): Promise<BatchExplanation[]> {
  const rows = await sql.unsafe<
    { stream: number; seq: number; fence: number | null; state: number | null; sealed: boolean; data: Buffer | null }[]
  >(
    `select u.stream, u.seq, r.fence, r.state, coalesce(s.sealed @> u.seq, false) as sealed, c.data
     from unnest($2::int[], $3::bigint[]) u (stream, seq)
     left join metric_run r on r.run_id = $1::bigint
     left join metric_stream s on s.run_id = $1::bigint and s.stream = u.stream
     left join console_chunk c on c.run_id = $1::bigint and c.stream = u.stream and c.seq = u.seq`,
    [runId, numbers(chunks.map((c) => c.stream)), numbers(chunks.map((c) => c.seq))],
    { prepare: true },
  )
  return rows.map((row) => ({
    runId,
    stream: row.stream,
    seq: row.seq,
    writer: row.fence === null || row.state === null ? null : { fence: row.fence, state: row.state },
    isSealed: row.sealed,
    data: row.data,
  }))
}
