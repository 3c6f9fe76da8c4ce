import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

/** Forgets summaries of metrics of which the default view has nothing left. */
export async function deleteLatest(sql: AnySql, runId: number, metricIds: readonly number[]): Promise<void> {
  await sql.unsafe(
    'delete from metric_latest where run_id = $1::bigint and metric_id = any($2::int[])',
    [runId, numbers(metricIds)],
    { prepare: true },
  )
}
