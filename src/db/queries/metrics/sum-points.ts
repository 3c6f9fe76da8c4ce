import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

/** Points stored per run, overwritten ones included while they lie in the tail. Runs without any are left out. */
export async function sumPoints(sql: AnySql, runIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await sql.unsafe<{ run_id: number; points: number }[]>(
    `select run_id, sum(points)::bigint as points from (
       select run_id, n_points::bigint as points from metric_tail where run_id = any($1::bigint[])
       union all
       select run_id, n from metric_series where run_id = any($1::bigint[])) p
     group by run_id`,
    [numbers(runIds)],
    { prepare: true },
  )
  return new Map(rows.map((row) => [row.run_id, row.points]))
}
