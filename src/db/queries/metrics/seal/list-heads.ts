import type { TransactionSql } from '../../../clients.ts'

/** A block of points without its bytes. Times in ms. */
export interface StoredHead {
  no: number
  n: number
  step0: number
  step1: number
  t0: number
  t1: number
}

/** The level-0 blocks of a series, by number. */
export async function listHeads(
  tx: TransactionSql,
  runId: number,
  metricId: number,
  attempt: number,
): Promise<StoredHead[]> {
  return await tx.unsafe<StoredHead[]>(
    `select no, n, step0, step1, t0, t1 from metric_block
     where run_id = $1::bigint and metric_id = $2::int and attempt = $3::int and level = 0
     order by no`,
    [runId, metricId, attempt],
    { prepare: true },
  )
}
