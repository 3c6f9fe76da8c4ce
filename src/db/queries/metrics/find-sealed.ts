import type { AnySql } from '../../clients.ts'
import { numbers } from './insert-batches.ts'

export interface SealedRow {
  stream: number
  seq: number
  isSealed: boolean
  /** Greatest sealed seq of the stream; 0 without any. */
  sealedTo: number
}

/** Which of these batches of a run were sealed before, in any order. A stream that does not exist is left out. */
export async function findSealed(
  sql: AnySql,
  runId: number,
  batches: { streams: readonly number[]; seqs: readonly number[] },
): Promise<SealedRow[]> {
  const rows = await sql.unsafe<{ stream: number; seq: number; sealed: boolean; sealed_to: number }[]>(
    `select u.stream, u.seq, s.sealed @> u.seq as sealed, coalesce(upper(s.sealed) - 1, 0) as sealed_to
     from metric_stream s join unnest($2::int[], $3::bigint[]) u (stream, seq) on s.stream = u.stream
     where s.run_id = $1::bigint`,
    [runId, numbers(batches.streams), numbers(batches.seqs)],
    { prepare: true },
  )
  return rows.map((row) => ({
    stream: row.stream,
    seq: row.seq,
    isSealed: row.sealed,
    sealedTo: row.sealed_to,
  }))
}
