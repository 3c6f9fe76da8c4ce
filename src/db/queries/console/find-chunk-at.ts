import type { AnySql } from '../../clients.ts'

/** The last chunk of a run whose first line was printed at or before a time in ms; null when all came later. */
export async function findChunkAt(
  sql: AnySql,
  runId: number,
  atMs: number,
): Promise<{ firstLine: number; data: Buffer } | null> {
  const [row] = await sql.unsafe<{ first_line: number; data: Buffer }[]>(
    `select first_line, data from console_chunk
     where run_id = $1::bigint and n_lines > 0 and t0 <= $2::float8 order by first_line desc limit 1`,
    [runId, atMs],
    { prepare: true },
  )
  return row ? { firstLine: row.first_line, data: row.data } : null
}
