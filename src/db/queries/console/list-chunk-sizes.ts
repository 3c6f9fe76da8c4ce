import type { AnySql } from '../../clients.ts'

/** Where the chunks of a run lie and how large they are, the newest first; their data is not touched. */
export async function listChunkSizes(
  sql: AnySql,
  runId: number,
  limit: number,
): Promise<{ firstLine: number; lines: number; bytes: number }[]> {
  const rows = await sql.unsafe<{ first_line: number; n_lines: number; bytes: number }[]>(
    `select first_line, n_lines, octet_length(data) as bytes from console_chunk
     where run_id = $1::bigint and n_lines > 0 order by first_line desc limit $2::int`,
    [runId, limit],
    { prepare: true },
  )
  return rows.map((row) => ({ firstLine: row.first_line, lines: row.n_lines, bytes: row.bytes }))
}
