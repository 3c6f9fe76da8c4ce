import type { TransactionSql } from '../../../clients.ts'

/** A row of a run's tail, on its way into blocks. */
export interface SealRow {
  stream: number
  seq: number
  attempt: number
  points: number
  receivedAtMs: number
  /** Its seq was sealed before: it came again while its first copy was being sealed. */
  isDead: boolean
  data: Buffer
}

/**
 * The first rows of a run's tail by stream and seq, which is the order in which later points win: all carry rows, and further ones
 * until they pass `bytesMax` or `pointsMax`.
 */
export async function readTail(
  tx: TransactionSql,
  runId: number,
  { bytesMax, pointsMax }: { bytesMax: number; pointsMax: number },
): Promise<{ rows: SealRow[]; isWhole: boolean }> {
  const rows = await tx.unsafe<
    {
      stream: number
      seq: number
      attempt: number | null
      n_points: number
      received_at: number
      is_dead: boolean
      rows_in_all: number
      data: Buffer
    }[]
  >(
    `select stream, seq, attempt, n_points, received_at, is_dead, rows_in_all::int, data
     from (
       select t.stream, t.seq, s.attempt, t.n_points, (extract(epoch from t.received_at) * 1000)::float8 as received_at,
         coalesce(s.sealed @> t.seq, false) as is_dead, t.data, count(*) over () as rows_in_all,
         coalesce(sum(octet_length(t.data)) filter (where t.stream > 0) over before, 0) as bytes_before,
         coalesce(sum(t.n_points) filter (where t.stream > 0) over before, 0) as points_before
       from metric_tail t
       left join metric_stream s on s.run_id = $1::bigint and s.stream = t.stream
       where t.run_id = $1::bigint
       window before as (order by t.stream, t.seq rows between unbounded preceding and 1 preceding)) tail
     where bytes_before < $2::bigint and points_before < $3::bigint
     order by stream, seq`,
    [runId, bytesMax, pointsMax],
    { prepare: true },
  )
  return {
    rows: rows.map((row) => ({
      stream: row.stream,
      seq: row.seq,
      // Carry rows lie in stream −attempt, which no process writes.
      attempt: row.attempt ?? Math.abs(row.stream),
      points: row.n_points,
      receivedAtMs: Math.round(row.received_at),
      isDead: row.is_dead,
      data: row.data,
    })),
    isWhole: rows.length === (rows[0]?.rows_in_all ?? 0),
  }
}
