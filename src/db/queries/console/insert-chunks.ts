import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'
import { byteColumn } from '../byte-column.ts'

/** A packed batch of console lines; no (stream, seq) twice in one call. */
export interface Chunk {
  stream: number
  seq: number
  attempt: number
  fence: number
  lines: number
  t0: number
  t1: number
  data: Buffer
}

/**
 * Stores chunks of one run under the same conditions as metric batches and numbers their lines on from the run's last one, in the
 * order given. One call per run at a time, or numbers would meet. Answers which were stored.
 */
export async function insertChunks(
  sql: AnySql,
  runId: number,
  chunks: readonly Chunk[],
): Promise<{ stream: number; seq: number }[]> {
  const column = (of: (chunk: Chunk) => number) => numbers(chunks.map(of))
  const { piece, starts, lengths } = byteColumn(chunks.map((c) => c.data))
  return sql.unsafe<{ stream: number; seq: number }[]>(
    `insert into console_chunk (run_id, stream, seq, attempt, first_line, n_lines, t0, t1, data)
     select r.run_id, u.stream, u.seq, u.attempt,
       coalesce((select c.first_line + c.n_lines from console_chunk c where c.run_id = $1::bigint
                 order by c.first_line desc, c.n_lines desc limit 1), 0)
         + sum(u.n_lines) over (order by u.place) - u.n_lines,
       u.n_lines, u.t0, u.t1, substring($9::bytea from u.start for u.length)
     from metric_run r
     join unnest($2::int[], $3::bigint[], $4::int[], $5::bigint[], $6::int[], $7::bigint[], $8::bigint[],
       $10::int[], $11::int[])
       with ordinality u (stream, seq, attempt, fence, n_lines, t0, t1, start, length, place) on r.fence <= u.fence
     where r.run_id = $1::bigint and r.state <> 2
       and not exists (
         select 1 from metric_stream s where s.run_id = $1::bigint and s.stream = u.stream and s.sealed @> u.seq)
       and not exists (
         select 1 from console_chunk c where c.run_id = $1::bigint and c.stream = u.stream and c.seq = u.seq)
     on conflict do nothing
     returning stream, seq`,
    [
      runId,
      column((c) => c.stream),
      column((c) => c.seq),
      column((c) => c.attempt),
      column((c) => c.fence),
      column((c) => c.lines),
      column((c) => c.t0),
      column((c) => c.t1),
      piece,
      starts,
      lengths,
    ],
    { prepare: true },
  )
}
