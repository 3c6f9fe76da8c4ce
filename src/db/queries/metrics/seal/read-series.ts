import type { TransactionSql } from '../../../clients.ts'
import { numbers } from '../../array-literal.ts'
import { type SeriesColumns, type SeriesRow, seriesRowOf } from '../series-row.ts'

/** What is sealed of these metrics of a run, all attempts. */
export async function readSeries(
  tx: TransactionSql,
  runId: number,
  metricIds: readonly number[],
): Promise<SeriesRow[]> {
  const rows = await tx.unsafe<SeriesColumns[]>(
    `select metric_id, attempt, n, blocks, levelled, step0, step1, t0, t1, first_value, last_value, last_t, vmin, vmin_step, vmax, vmax_step
     from metric_series where run_id = $1::bigint and metric_id = any($2::int[])`,
    [runId, numbers(metricIds)],
    { prepare: true },
  )
  return rows.map(seriesRowOf)
}
