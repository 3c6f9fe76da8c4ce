import type { TransactionSql } from '../../../clients.ts'
import type { SeriesRow } from '../series-row.ts'
import { insertRows } from './insert-rows.ts'

const STATEMENT = {
  head: `insert into metric_series
    (run_id, metric_id, attempt, n, blocks, levelled, step0, step1, t0, t1, first_value, last_value, last_t, vmin, vmin_step, vmax, vmax_step)
    values`,
  columns:
    'bigint int int bigint int int bigint bigint bigint bigint float8 float8 bigint float8 bigint float8 bigint'.split(
      ' ',
    ),
  tail: `on conflict (run_id, metric_id, attempt) do update set
    n = excluded.n, blocks = excluded.blocks, levelled = excluded.levelled, step0 = excluded.step0, step1 = excluded.step1,
    t0 = excluded.t0, t1 = excluded.t1, first_value = excluded.first_value, last_value = excluded.last_value,
    last_t = excluded.last_t, vmin = excluded.vmin, vmin_step = excluded.vmin_step, vmax = excluded.vmax,
    vmax_step = excluded.vmax_step`,
}

/** Says what is sealed of these series now. */
export async function writeSeries(tx: TransactionSql, runId: number, series: readonly SeriesRow[]): Promise<void> {
  await insertRows(
    tx,
    STATEMENT,
    series.map((s) => [
      runId,
      s.metricId,
      s.attempt,
      s.n,
      s.blocks,
      s.levelled,
      s.step0,
      s.step1,
      s.t0,
      s.t1,
      float(s.firstValue),
      float(s.lastValue),
      s.lastTime,
      s.min === null ? null : float(s.min),
      s.minStep,
      s.max === null ? null : float(s.max),
      s.maxStep,
    ]),
  )
}

/** The text that PostgreSQL reads back to the same bits; JavaScript writes −0 without its sign. */
const float = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))
