import type { AnySql } from '../../clients.ts'
import { numbers } from '../metrics/insert-batches.ts'

/** The bytes of these chunks of a run that are stored; in any order. */
export async function findChunkData(
  sql: AnySql,
  runId: number,
  chunks: { streams: readonly number[]; seqs: readonly number[] },
): Promise<{ stream: number; seq: number; data: Buffer }[]> {
  return sql.unsafe<{ stream: number; seq: number; data: Buffer }[]>(
    `select c.stream, c.seq, c.data
     from console_chunk c join unnest($2::int[], $3::bigint[]) u (stream, seq) on c.stream = u.stream and c.seq = u.seq
     where c.run_id = $1::bigint`,
    [runId, numbers(chunks.streams), numbers(chunks.seqs)],
    { prepare: true },
  )
}
