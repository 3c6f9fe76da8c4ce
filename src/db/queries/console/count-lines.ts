import type { AnySql } from '../../clients.ts'

/** Console lines of a run. */
export async function countLines(sql: AnySql, runId: number): Promise<number> {
  const rows = await sql.unsafe<{ lines: number }[]>(
    `select first_line + n_lines as lines from console_chunk where run_id = $1::bigint
     order by first_line desc, n_lines desc limit 1`,
    [runId],
    { prepare: true },
  )
  return rows[0]?.lines ?? 0
}
