import type { AttemptStart } from '../../../core/metrics/attempt-view.ts'
import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

/** Where the attempts of these runs begin. */
export async function loadAttempts(
  sql: AnySql,
  runIds: readonly number[],
): Promise<(AttemptStart & { runId: number })[]> {
  const rows = await sql.unsafe<{ run_id: number; attempt: number; first_step: number }[]>(
    'select run_id, attempt, first_step from metric_attempt where run_id = any($1::bigint[]) order by run_id, attempt',
    [numbers(runIds)],
    { prepare: true },
  )
  return rows.map((row) => ({ runId: row.run_id, attempt: row.attempt, firstStep: row.first_step }))
}
