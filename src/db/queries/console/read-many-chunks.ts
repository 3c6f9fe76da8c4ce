import type { AnySql } from '../../clients.ts'

/**
 * The chunks whose first lines lie from `from` to before `to`, by line. As `readChunks`, for megabytes at a time: base64 is a third
 * longer than the bytes and quickly taken apart, where the hex text of a result row is twice as long and four times as dear.
 */
export async function readManyChunks(
  sql: AnySql,
  runId: number,
  from: number,
  to: number,
): Promise<{ firstLine: number; data: Buffer }[]> {
  const rows = await sql.unsafe<{ first_line: number; packed: string }[]>(
    `select first_line, encode(data, 'base64') as packed from console_chunk
     where run_id = $1::bigint and first_line >= $2::bigint and first_line < $3::bigint and n_lines > 0
     order by first_line`,
    [runId, from, to],
    { prepare: true },
  )
  return rows.map((row) => ({ firstLine: row.first_line, data: Buffer.from(row.packed, 'base64') }))
}
