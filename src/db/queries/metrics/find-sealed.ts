import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

/** Batches by name, in columns of equal length. */
export interface BatchNames {
  runIds: readonly number[]
  streams: readonly number[]
  seqs: readonly number[]
}

export interface SealedRow {
  runId: number
  stream: number
  seq: number
  isSealed: boolean
  /** Greatest sealed seq of the stream; 0 without any. */
  sealedTo: number
}

/** Which of these batches were sealed before, in any order. A stream that does not exist is left out. */
export async function findSealed(sql: AnySql, batches: BatchNames): Promise<SealedRow[]> {
  const rows = await sql.unsafe<{ run_id: number; stream: number; seq: number; sealed: boolean; sealed_to: number }[]>(
    `select s.run_id, u.stream, u.seq, s.sealed @> u.seq as sealed, coalesce(upper(s.sealed) - 1, 0) as sealed_to
     from metric_stream s
     join unnest($2::bigint[], $3::int[], $4::bigint[]) u (run_id, stream, seq) on s.run_id = u.run_id and s.stream = u.stream
     where s.run_id = any($1::bigint[])`,
    [numbers([...new Set(batches.runIds)]), numbers(batches.runIds), numbers(batches.streams), numbers(batches.seqs)],
    { prepare: true },
  )
  return rows.map((row) => ({
    runId: row.run_id,
    stream: row.stream,
    seq: row.seq,
    isSealed: row.sealed,
    sealedTo: row.sealed_to,
  }))
}
