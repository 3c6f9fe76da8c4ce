import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'
import type { BatchNames } from './find-sealed.ts'

/** The bytes stored under a name. */
export interface BatchData {
  runId: number
  stream: number
  seq: number
  data: Buffer
}

/** The bytes of these batches, as far as they lie in the tail; in any order. */
export async function findTailData(sql: AnySql, batches: BatchNames): Promise<BatchData[]> {
  const rows = await sql.unsafe<{ run_id: number; stream: number; seq: number; data: Buffer }[]>(
    `select t.run_id, t.stream, t.seq, t.data
     from metric_tail t
     join unnest($2::bigint[], $3::int[], $4::bigint[]) u (run_id, stream, seq)
       on t.run_id = u.run_id and t.stream = u.stream and t.seq = u.seq
     where t.run_id = any($1::bigint[])`,
    [numbers([...new Set(batches.runIds)]), numbers(batches.runIds), numbers(batches.streams), numbers(batches.seqs)],
    { prepare: true },
  )
  return rows.map(({ run_id, stream, seq, data }) => ({ runId: run_id, stream, seq, data }))
}
