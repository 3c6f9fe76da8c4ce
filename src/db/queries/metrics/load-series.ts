import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'
import { type SeriesColumns, type SeriesRow, seriesRowOf } from './series-row.ts'

export interface SealedRun {
  runId: number
  /** Of `metric_seal`, in the same snapshot. */
  version: number
  series: SeriesRow[]
}

const COLUMNS = `s.metric_id, s.attempt, s.n, s.blocks, s.levelled, s.step0, s.step1, s.t0, s.t1, s.first_value, s.last_value, s.last_t,
  s.vmin, s.vmin_step, s.vmax, s.vmax_step`

/** A run of which nothing is sealed comes with no metric. */
type Row = Omit<SeriesColumns, 'metric_id'> & { run_id: number; version: number; metric_id: number | null }

/** What is sealed of these runs, of these metrics or (null) of all; runs that were never sealed are left out. */
export async function loadSeries(
  sql: AnySql,
  runIds: readonly number[],
  metricIds: readonly number[] | null,
): Promise<SealedRun[]> {
  const rows = await sql.unsafe<Row[]>(
    `select v.run_id, v.version, ${COLUMNS}
     from metric_seal v
     left join metric_series s on s.run_id = v.run_id and s.run_id = any($1::bigint[])
       and ($2::int[] is null or s.metric_id = any($2::int[]))
     where v.run_id = any($1::bigint[])
     order by v.run_id, s.metric_id, s.attempt`,
    [numbers(runIds), metricIds && numbers(metricIds)],
    { prepare: true },
  )
  return byRun(rows, seriesRowOf)
}

/** Level-0 blocks of a series: number, points, first and last step, least and greatest time, one behind the other. */
export interface IndexedSeries extends SeriesRow {
  blockColumns: number[]
}

export const BLOCK_COLUMNS = 6

/**
 * As `loadSeries`, with the series' blocks, without their data.
 *
 * @param level 0; 1 gives those of runs whose points were thinned out, one for each block of points that has levels
 */
export async function loadBlockIndex(
  sql: AnySql,
  runIds: readonly number[],
  metricIds: readonly number[],
  level: 0 | 1,
): Promise<{ runId: number; version: number; series: IndexedSeries[] }[]> {
  const rows = await sql.unsafe<(Row & { listed: string | null })[]>(
    `select v.run_id, v.version, ${COLUMNS}, b.listed
     from metric_seal v
     left join metric_series s on s.run_id = v.run_id and s.run_id = any($1::bigint[]) and s.metric_id = any($2::int[])
     left join (
       select run_id, metric_id, attempt, string_agg(concat_ws(',', no, n, step0, step1, t0, t1), ',' order by no) as listed
       from metric_block
       where run_id = any($1::bigint[]) and metric_id = any($2::int[]) and level = $3::smallint
       group by run_id, metric_id, attempt
     ) b on b.run_id = s.run_id and b.metric_id = s.metric_id and b.attempt = s.attempt
     where v.run_id = any($1::bigint[])
     order by v.run_id, s.metric_id, s.attempt`,
    [numbers(runIds), numbers(metricIds), level],
    { prepare: true },
  )
  return byRun(rows, (row) => ({ ...seriesRowOf(row), blockColumns: JSON.parse(`[${row.listed ?? ''}]`) as number[] }))
}

function byRun<R extends Row, S>(rows: readonly R[], read: (row: R & SeriesColumns) => S) {
  const runs = new Map<number, { runId: number; version: number; series: S[] }>()
  for (const row of rows) {
    const run = runs.get(row.run_id) ?? { runId: row.run_id, version: row.version, series: [] }
    runs.set(row.run_id, run)
    const { metric_id } = row
    if (metric_id !== null) run.series.push(read({ ...row, metric_id }))
  }
  return [...runs.values()]
}
