import type { TransactionSql } from '../../../clients.ts'

/** The greatest number of a stored axis of an attempt and level; −1 without any. */
export async function lastAxis(tx: TransactionSql, runId: number, attempt: number, level: number): Promise<number> {
  const [row] = await tx.unsafe<{ no: number | null }[]>(
    `select max(no) as no from metric_block
     where run_id = $1::bigint and metric_id = 0 and attempt = $2::int and level = $3::smallint`,
    [runId, attempt, level],
    { prepare: true },
  )
  return row?.no ?? -1
}
