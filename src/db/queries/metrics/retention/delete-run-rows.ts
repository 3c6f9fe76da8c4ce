import type { AnySql, TransactionSql } from '../../../clients.ts'

/** What the data plane holds of a run, largest first, with the rest of each row's key. `metric_run` stays: a late writer asks it. */
const TABLES = {
  metric_block: { metric_id: 'int', attempt: 'int', level: 'smallint', no: 'int' },
  metric_tail: { stream: 'int', seq: 'bigint' },
  console_chunk: { stream: 'int', seq: 'bigint' },
  metric_series: { metric_id: 'int', attempt: 'int' },
  metric_stream: { stream: 'int' },
  metric_attempt: { attempt: 'int' },
} as const

export type RunTable = keyof typeof TABLES
export const RUN_TABLES = Object.keys(TABLES) as readonly RunTable[]

/**
 * Deletes the next rows of a run from one table, `limit` of them, in the order of their keys.
 *
 * The end of the chunk is looked up first and the delete takes the range before it: as a join with the chunk's keys it would depend on
 * what the planner believes of this run, and read all of it for each chunk where that is wrong.
 *
 * @returns how many; fewer than `limit` were the last ones
 */
export async function deleteRunRows(
  tx: TransactionSql,
  table: RunTable,
  runId: number,
  limit: number,
): Promise<number> {
  const columns = Object.entries(TABLES[table])
  const key = columns.map(([name]) => name).join(', ')
  await tx.unsafe(
    `select set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`,
    [],
    { prepare: true },
  )
  const [last] = await tx
    .unsafe(
      `select ${key} from ${table} where run_id = $1::bigint order by ${key} offset $2::int limit 1`,
      [runId, limit - 1],
      { prepare: true },
    )
    .values()
  const end = columns.map(([, type], i) => `$${i + 2}::${type}`).join(', ')
  const answer = last
    ? await tx.unsafe(
        `delete from ${table} where run_id = $1::bigint and (${key}) <= (${end})`,
        [runId, ...(last as number[])],
        { prepare: true },
      )
    : await tx.unsafe(`delete from ${table} where run_id = $1::bigint`, [runId], { prepare: true })
  return answer.count
}

/** Forgets that a run was ever sealed; the last statement of its deletion. */
export async function deleteSealRow(tx: TransactionSql, runId: number): Promise<void> {
  await tx.unsafe('delete from metric_seal where run_id = $1::bigint', [runId], { prepare: true })
}

/** Rows of the data plane that a run has, `metric_run` left out. */
export async function countRunRows(sql: AnySql, runId: number): Promise<number> {
  const counts = [...RUN_TABLES, 'metric_seal'].map(
    (table) => `(select count(*) from ${table} where run_id = $1::bigint)`,
  )
  const [row] = await sql.unsafe<{ n: number }[]>(`select (${counts.join(' + ')})::bigint as n`, [runId], {
    prepare: true,
  })
  return row?.n ?? 0
}
