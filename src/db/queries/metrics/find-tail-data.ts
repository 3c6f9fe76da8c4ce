import type { AnySql } from '../../clients.ts'
import { numbers } from './insert-batches.ts'

/** The bytes of these batches of a run, as far as they lie in the tail; in any order. */
export async function findTailData(
  sql: AnySql,
  runId: number,
  batches: { streams: readonly number[]; seqs: readonly number[] },
): Promise<{ stream: number; seq: number; data: Buffer }[]> {
  return sql.unsafe<{ stream: number; seq: number; data: Buffer }[]>(
    `select t.stream, t.seq, t.data
     from metric_tail t join unnest($2::int[], $3::bigint[]) u (stream, seq) on t.stream = u.stream and t.seq = u.seq
     where t.run_id = $1::bigint`,
    [runId, numbers(batches.streams), numbers(batches.seqs)],
    { prepare: true },
  )
}
