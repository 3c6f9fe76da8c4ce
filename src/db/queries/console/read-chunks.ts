import type { AnySql } from '../../clients.ts'

/** The chunks that hold lines from … to−1 of a run, by line. */
export async function readChunks(
  sql: AnySql,
  runId: number,
  from: number,
  to: number,
): Promise<{ attempt: number; firstLine: number; data: Buffer }[]> {
  const rows = await sql.unsafe<{ attempt: number; first_line: number; data: Buffer }[]>(
    `select attempt, first_line, data from console_chunk
     where run_id = $1::bigint and first_line < $3::bigint and n_lines > 0
       and first_line >= coalesce(
         (select max(first_line) from console_chunk where run_id = $1::bigint and n_lines > 0 and first_line <= $2::bigint), 0)
     order by first_line`,
    [runId, from, to],
    { prepare: true },
  )
  return rows.map((row) => ({ attempt: row.attempt, firstLine: row.first_line, data: row.data }))
}
