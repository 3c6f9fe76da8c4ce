import type { TransactionSql } from '../../../clients.ts'
import { findTailData } from '../find-tail-data.ts'

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

/** Finds the bytes of a batch in memory; null where they are not. */
export type KnownBytes = (stream: number, seq: number) => Buffer | null

/**
 * The first rows of a run's tail by stream and seq, which is the order in which later points win: all carry rows, and further ones
 * until they pass `bytesMax` or `pointsMax`. Bytes that are known already are not asked for.
 */
export async function readTail(
  tx: TransactionSql,
  runId: number,
  { bytesMax, pointsMax }: { bytesMax: number; pointsMax: number },
  known: KnownBytes | null,
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
      bytes: number
      data: Buffer | null
    }[]
  >(
    `select stream, seq, attempt, n_points, received_at, is_dead, rows_in_all::int, bytes, data
     from (
       select t.stream, t.seq, s.attempt, t.n_points, (extract(epoch from t.received_at) * 1000)::float8 as received_at,
         coalesce(s.sealed @> t.seq, false) as is_dead, octet_length(t.data) as bytes,
         case when $4::boolean then t.data end as data, count(*) over () as rows_in_all,
         coalesce(sum(octet_length(t.data)) filter (where t.stream > 0) over before, 0) as bytes_before,
         coalesce(sum(t.n_points) filter (where t.stream > 0) over before, 0) as points_before
       from metric_tail t
       left join metric_stream s on s.run_id = $1::bigint and s.stream = t.stream
       where t.run_id = $1::bigint
       window before as (order by t.stream, t.seq rows between unbounded preceding and 1 preceding)) tail
     where bytes_before < $2::bigint and points_before < $3::bigint
     order by stream, seq`,
    [runId, bytesMax, pointsMax, known === null],
    { prepare: true },
  )
  const data = rows.map((row) => {
    const bytes = row.data ?? known?.(row.stream, row.seq) ?? null
    return bytes?.length === row.bytes ? bytes : null
  })
  const missing = rows.filter((_, i) => data[i] === null)
  if (missing.length > 0) {
    const found = await findTailData(tx, {
      runIds: missing.map(() => runId),
      streams: missing.map((row) => row.stream),
      seqs: missing.map((row) => row.seq),
    })
    const byName = new Map(found.map((batch) => [`${batch.stream}:${batch.seq}`, batch.data]))
    for (const [i, row] of rows.entries()) data[i] ??= byName.get(`${row.stream}:${row.seq}`) ?? null
  }
  return {
    rows: rows.map((row, i) => ({
      stream: row.stream,
      seq: row.seq,
      // Carry rows lie in stream −attempt, which no process writes.
      attempt: row.attempt ?? Math.abs(row.stream),
      points: row.n_points,
      receivedAtMs: Math.round(row.received_at),
      isDead: row.is_dead,
      data: bytesOf(data[i] ?? null, runId, row),
    })),
    isWhole: rows.length === (rows[0]?.rows_in_all ?? 0),
  }
}

function bytesOf(data: Buffer | null, runId: number, { stream, seq }: { stream: number; seq: number }): Buffer {
  if (!data)
    throw new Error(
      `Broken assumption: batch ${seq} of stream ${stream} of run ${runId} stays while the run is locked.`,
    )
  return data
}
