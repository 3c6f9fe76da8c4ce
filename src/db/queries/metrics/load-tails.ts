import type { AnySql } from '../../clients.ts'
import { numbers } from '../array-literal.ts'

export interface TailRow {
  runId: number
  stream: number
  seq: number
  attempt: number
  points: number
  receivedAtMs: number
  data: Buffer
}

/** The unsealed batches of these runs, by run, stream and seq. */
export async function loadTails(sql: AnySql, runIds: readonly number[]): Promise<TailRow[]> {
  const rows = await sql.unsafe<
    {
      run_id: number
      stream: number
      seq: number
      attempt: number | null
      n_points: number
      received_at: number
      data: Buffer
    }[]
  >(
    `select t.run_id, t.stream, t.seq, s.attempt, t.n_points, (extract(epoch from t.received_at) * 1000)::float8 as received_at, t.data
     from metric_tail t
     left join metric_stream s on s.run_id = t.run_id and s.stream = t.stream and s.run_id = any($1::bigint[])
     where t.run_id = any($1::bigint[]) and not coalesce(s.sealed @> t.seq, false)
     order by t.run_id, t.stream, t.seq`,
    [numbers(runIds)],
    { prepare: true },
  )
  return rows.map((row) => ({
    runId: row.run_id,
    stream: row.stream,
    seq: row.seq,
    // Carry rows lie in stream −attempt, which no process writes.
    attempt: row.attempt ?? Math.abs(row.stream),
    points: row.n_points,
    receivedAtMs: Math.round(row.received_at),
    data: row.data,
  }))
}
