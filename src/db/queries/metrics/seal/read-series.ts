import type { TransactionSql } from '../../../clients.ts'
import { numbers } from '../insert-batches.ts'

/** A row of `metric_series`: the blocks of one metric of one attempt, and the summary of the points in them. Times in ms. */
export interface SealedSeries {
  metricId: number
  attempt: number
  n: number
  blocks: number
  /** Blocks 0 … levelled−1 have levels. */
  levelled: number
  step0: number
  step1: number
  t0: number
  t1: number
  firstValue: number
  lastValue: number
  lastTime: number
  min: number | null
  minStep: number | null
  max: number | null
  maxStep: number | null
}

interface Row {
  metric_id: number
  attempt: number
  n: number
  blocks: number
  levelled: number
  step0: number
  step1: number
  t0: number
  t1: number
  first_value: number
  last_value: number
  last_t: number
  vmin: number | null
  vmin_step: number | null
  vmax: number | null
  vmax_step: number | null
}

/** What is sealed of these metrics of a run, all attempts. */
export async function readSeries(
  tx: TransactionSql,
  runId: number,
  metricIds: readonly number[],
): Promise<SealedSeries[]> {
  const rows = await tx.unsafe<Row[]>(
    `select metric_id, attempt, n, blocks, levelled, step0, step1, t0, t1, first_value, last_value, last_t, vmin, vmin_step, vmax, vmax_step
     from metric_series where run_id = $1::bigint and metric_id = any($2::int[])`,
    [runId, numbers(metricIds)],
    { prepare: true },
  )
  return rows.map((row) => ({
    metricId: row.metric_id,
    attempt: row.attempt,
    n: row.n,
    blocks: row.blocks,
    levelled: row.levelled,
    step0: row.step0,
    step1: row.step1,
    t0: row.t0,
    t1: row.t1,
    firstValue: row.first_value,
    lastValue: row.last_value,
    lastTime: row.last_t,
    min: row.vmin,
    minStep: row.vmin_step,
    max: row.vmax,
    maxStep: row.vmax_step,
  }))
}
