import type { Summary } from '../../../core/metrics/summary.ts'
import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

/** The written summaries of these runs; with `metricIds` only of those metrics. */
export async function readLatest(
  sql: AnySql,
  runIds: readonly number[],
  metricIds: readonly number[] | null,
): Promise<{ runId: number; metricId: number; summary: Summary }[]> {
  const rows = await sql.unsafe<
    {
      run_id: number
      metric_id: number
      step: number
      t: number
      value: number
      first_step: number
      first_value: number
      vmin: number | null
      vmin_step: number | null
      vmax: number | null
      vmax_step: number | null
      n: number
    }[]
  >(
    `select run_id, metric_id, step, t, value, first_step, first_value, vmin, vmin_step, vmax, vmax_step, n
     from metric_latest
     where run_id = any($1::bigint[]) and ($2::int[] is null or metric_id = any($2::int[]))`,
    [numbers(runIds), metricIds && numbers(metricIds)],
    { prepare: true },
  )
  return rows.map((row) => ({
    runId: row.run_id,
    metricId: row.metric_id,
    summary: {
      n: row.n,
      firstStep: row.first_step,
      firstValue: row.first_value,
      lastStep: row.step,
      lastValue: row.value,
      lastTime: row.t,
      min: row.vmin,
      minStep: row.vmin_step,
      max: row.vmax,
      maxStep: row.vmax_step,
    },
  }))
}
