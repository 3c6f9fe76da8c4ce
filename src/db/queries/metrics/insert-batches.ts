import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'
import { byteColumn } from '../byte-column.ts'

/** A packed batch on its way into the tail. Columns of equal length, one entry per batch; no (run, stream, seq) twice. */
export interface BatchColumns {
  runIds: number[]
  streams: number[]
  seqs: number[]
  points: number[]
  fences: number[]
  data: Buffer[]
  receivedAtMs: number
}

/** Identity of a batch that was stored. */
export type StoredBatch = [runId: number, stream: number, seq: number]

/**
 * Stores the batches whose run takes them: `metric_run` is there, not deleted and holds no newer fence, and the seq was not sealed
 * before. Answers those that were stored by this statement.
 */
export async function insertBatches(sql: AnySql, batches: BatchColumns): Promise<StoredBatch[]> {
  const { piece, starts, lengths } = byteColumn(batches.data)
  const rows = await sql
    .unsafe(
      `insert into metric_tail (run_id, stream, seq, n_points, received_at, data)
     select u.run_id, u.stream, u.seq, u.n_points, to_timestamp($6::float8 / 1000),
       substring($7::bytea from u.start for u.length)
     from unnest($1::bigint[], $2::int[], $3::bigint[], $4::int[], $5::bigint[], $8::int[], $9::int[])
       u (run_id, stream, seq, n_points, fence, start, length)
     where exists (select 1 from metric_run r where r.run_id = u.run_id and r.fence <= u.fence and r.state <> 2)
       and not exists (
         select 1 from metric_stream s where s.run_id = u.run_id and s.stream = u.stream and s.sealed @> u.seq)
     on conflict do nothing
     returning run_id, stream, seq`,
      [
        numbers(batches.runIds),
        numbers(batches.streams),
        numbers(batches.seqs),
        numbers(batches.points),
        numbers(batches.fences),
        batches.receivedAtMs,
        piece,
        starts,
        lengths,
      ],
      { prepare: true },
    )
    .values()
  return rows as unknown as StoredBatch[]
}
