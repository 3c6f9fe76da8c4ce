import type { AnySql } from '../../../clients.ts'
import { numbers } from '../../array-literal.ts'

/** What the data plane holds of one run: packed bytes without the rows' own cost, and points. */
export interface RunBytes {
  runId: number
  points: number
  /** Not sealed yet. */
  tail: number
  tailPoints: number
  /** Raw points in blocks. */
  raw: number
  /** The levels of detail above them. */
  levels: number
  console: number
  /** Rows of all of these. */
  rows: number
}

/**
 * Counts the bytes of these runs. The length of a value lies beside its pointer, so no data is read; still every row of these runs is
 * looked at, once.
 */
export async function measureRuns(sql: AnySql, runIds: readonly number[]): Promise<RunBytes[]> {
  if (runIds.length === 0) return []
  const rows = await sql.unsafe<
    {
      run_id: number
      points: number
      tail: number
      tail_points: number
      raw: number
      levels: number
      console: number
      rows: number
    }[]
  >(
    `select u.run_id, sum(u.points)::bigint as points, sum(u.tail)::bigint as tail, sum(u.tail_points)::bigint as tail_points,
       sum(u.raw)::bigint as raw, sum(u.levels)::bigint as levels, sum(u.console)::bigint as console, sum(u.rows)::bigint as rows
     from (
       select run_id, sum(n_points) as points, sum(octet_length(data)) as tail, sum(n_points) as tail_points, 0 as raw, 0 as levels,
         0 as console, count(*) as rows
       from metric_tail where run_id = any($1::bigint[]) group by run_id
       union all
       select run_id, 0, 0, 0, sum(octet_length(data)) filter (where level = 0), sum(octet_length(data)) filter (where level > 0), 0, count(*)
       from metric_block where run_id = any($1::bigint[]) group by run_id
       union all
       select run_id, sum(n), 0, 0, 0, 0, 0, count(*) from metric_series where run_id = any($1::bigint[]) group by run_id
       union all
       select run_id, 0, 0, 0, 0, 0, sum(octet_length(data)), count(*)
       from console_chunk where run_id = any($1::bigint[]) group by run_id
     ) u group by u.run_id`,
    [numbers(runIds)],
    { prepare: true },
  )
  return rows.map((row) => ({
    runId: row.run_id,
    points: row.points,
    tail: row.tail,
    tailPoints: row.tail_points,
    raw: row.raw ?? 0,
    levels: row.levels ?? 0,
    console: row.console,
    rows: row.rows,
  }))
}

/** Summaries of each of these runs: rows of `metric_latest`, which lies with the control plane. */
export async function countLatest(sql: AnySql, runIds: readonly number[]): Promise<Map<number, number>> {
  if (runIds.length === 0) return new Map()
  const rows = await sql.unsafe<{ run_id: number; n: number }[]>(
    'select run_id, count(*)::bigint as n from metric_latest where run_id = any($1::bigint[]) group by run_id',
    [numbers(runIds)],
    { prepare: true },
  )
  return new Map(rows.map((row) => [row.run_id, row.n]))
}

/** Bytes that thinning these runs would free: raw blocks that have levels, and their shared axes. A block under 512 points has none. */
export async function measureRawBlocks(sql: AnySql, runIds: readonly number[]): Promise<number> {
  if (runIds.length === 0) return 0
  const [row] = await sql.unsafe<{ bytes: number | null }[]>(
    `select sum(octet_length(data))::bigint as bytes from metric_block
     where run_id = any($1::bigint[]) and level = 0 and n >= 512`,
    [numbers(runIds)],
    { prepare: true },
  )
  return row?.bytes ?? 0
}
