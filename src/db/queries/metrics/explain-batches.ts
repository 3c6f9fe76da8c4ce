import type { AnySql } from '../../clients.ts'
import { numbers } from './insert-batches.ts'

/** What the database knows of a batch that was not stored. */
export interface BatchExplanation {
  runId: number
  stream: number
  seq: number
  /** Null: the data plane does not know the run. */
  writer: { fence: number; state: number } | null
  isSealed: boolean
  /** The bytes stored under this seq. */
  data: Buffer | null
}

/** Why batches were not stored, in any order. */
export async function explainBatches(
  sql: AnySql,
  batches: { runIds: readonly number[]; streams: readonly number[]; seqs: readonly number[] },
): Promise<BatchExplanation[]> {
  const rows = await sql.unsafe<
    {
      run_id: number
      stream: number
      seq: number
      fence: number | null
      state: number | null
      sealed: boolean
      data: Buffer | null
    }[]
  >(
    `select u.run_id, u.stream, u.seq, r.fence, r.state, coalesce(s.sealed @> u.seq, false) as sealed, t.data
     from unnest($1::bigint[], $2::int[], $3::bigint[]) u (run_id, stream, seq)
     left join metric_run r on r.run_id = u.run_id
     left join metric_stream s on s.run_id = u.run_id and s.stream = u.stream
     left join metric_tail t on t.run_id = u.run_id and t.stream = u.stream and t.seq = u.seq`,
    [numbers(batches.runIds), numbers(batches.streams), numbers(batches.seqs)],
    { prepare: true },
  )
  return rows.map((row) => ({
    runId: row.run_id,
    stream: row.stream,
    seq: row.seq,
    writer: row.fence === null || row.state === null ? null : { fence: row.fence, state: row.state },
    isSealed: row.sealed,
    data: row.data,
  }))
}
