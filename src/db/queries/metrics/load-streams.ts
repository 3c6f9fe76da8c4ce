import { parseMultirange } from '../../../core/metrics/sequence-ranges.ts'
import type { AnySql } from '../../clients.ts'

export interface StreamRow {
  stream: number
  clientId: string
  attempt: number
  /** Set by close. */
  lastSeq: number | null
  /** Durable seqs: sealed, in the tail, or console chunks; ascending, closed ranges. */
  seqs: [number, number][]
}

/** The streams of a run, by number; with `clientIds` only those. */
export async function loadStreams(
  sql: AnySql,
  runId: number,
  clientIds: readonly string[] | null,
): Promise<StreamRow[]> {
  const rows = await sql.unsafe<
    { stream: number; client_id: string; attempt: number; last_seq: number | null; seqs: string }[]
  >(
    `select s.stream, s.client_id, s.attempt, s.last_seq,
       (s.sealed
        + coalesce((select range_agg(int8range(t.seq, t.seq, '[]')) from metric_tail t where t.run_id = $1::bigint and t.stream = s.stream), '{}')
        + coalesce((select range_agg(int8range(c.seq, c.seq, '[]')) from console_chunk c where c.run_id = $1::bigint and c.stream = s.stream), '{}')
       )::text as seqs
     from metric_stream s
     where s.run_id = $1::bigint and s.stream > 0 and ($2::uuid[] is null or s.client_id = any($2::uuid[]))
     order by s.stream`,
    [runId, clientIds && `{${clientIds.join(',')}}`],
    { prepare: true },
  )
  return rows.map((row) => ({
    stream: row.stream,
    clientId: row.client_id,
    attempt: row.attempt,
    lastSeq: row.last_seq,
    seqs: parseMultirange(row.seqs),
  }))
}
