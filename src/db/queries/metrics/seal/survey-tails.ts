import type { AnySql } from '../../../clients.ts'
import { numbers } from '../../array-literal.ts'

/** How much of a run waits to be sealed. */
export interface TailSize {
  runId: number
  /** Batches, without carry rows. */
  rows: number
  points: number
  bytes: number
  carriedPoints: number
  newestMs: number
  isFinished: boolean
}

/** The tails of these runs, deleted ones left out: read once at start. */
export async function surveyTails(sql: AnySql, runIds: readonly number[]): Promise<TailSize[]> {
  const rows = await sql.unsafe<
    {
      run_id: number
      batches: number
      points: number
      bytes: number
      carried: number
      newest: number
      state: number | null
    }[]
  >(
    `select t.run_id, count(*) filter (where t.stream > 0) as batches,
       coalesce(sum(t.n_points) filter (where t.stream > 0), 0)::bigint as points,
       coalesce(sum(octet_length(t.data)) filter (where t.stream > 0), 0)::bigint as bytes,
       coalesce(sum(t.n_points) filter (where t.stream < 0), 0)::bigint as carried,
       (extract(epoch from max(t.received_at)) * 1000)::float8 as newest, max(r.state) as state
     from metric_tail t left join metric_run r on r.run_id = t.run_id and r.run_id = any($1::bigint[])
     where t.run_id = any($1::bigint[])
     group by t.run_id`,
    [numbers(runIds)],
    { prepare: true },
  )
  return rows
    .filter((row) => row.state !== 2)
    .map((row) => ({
      runId: row.run_id,
      rows: row.batches,
      points: row.points,
      bytes: row.bytes,
      carriedPoints: row.carried,
      newestMs: row.newest,
      isFinished: row.state === 1,
    }))
}
