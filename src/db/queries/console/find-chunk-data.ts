import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'
import type { BatchNames } from '../metrics/find-sealed.ts'
import type { BatchData } from '../metrics/find-tail-data.ts'

/** The bytes of these chunks that are stored; in any order. */
export async function findChunkData(sql: AnySql, chunks: BatchNames): Promise<BatchData[]> {
  const rows = await sql.unsafe<{ run_id: number; stream: number; seq: number; data: Buffer }[]>(
    `select c.run_id, c.stream, c.seq, c.data
     from console_chunk c
     join unnest($2::bigint[], $3::int[], $4::bigint[]) u (run_id, stream, seq)
       on c.run_id = u.run_id and c.stream = u.stream and c.seq = u.seq
     where c.run_id = any($1::bigint[])`,
    [numbers([...new Set(chunks.runIds)]), numbers(chunks.runIds), numbers(chunks.streams), numbers(chunks.seqs)],
    { prepare: true },
  )
  return rows.map(({ run_id, stream, seq, data }) => ({ runId: run_id, stream, seq, data }))
}
