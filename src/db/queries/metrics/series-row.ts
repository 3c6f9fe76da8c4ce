/** A row of `metric_series`: the blocks of one metric of one attempt, and the summary of the points in them. Times in ms. */
export interface SeriesRow {
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
  /** Extremes are over finite values, null without any. */
  min: number | null
  minStep: number | null
  max: number | null
  maxStep: number | null
}

/** Its columns as the driver gives them. */
export interface SeriesColumns {
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

/** The row of these columns. */
export const seriesRowOf = (row: SeriesColumns): SeriesRow => ({
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
})
