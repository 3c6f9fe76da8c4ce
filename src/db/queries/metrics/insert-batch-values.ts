import type { AnySql } from '../../clients.ts'
import type { BatchColumns, StoredBatch } from './insert-batches.ts'

/** Statements by their number of rows: each is one text, so that it stays prepared. */
const texts: string[] = []
const COLUMNS = 5

/**
 * Stores batches whose runs are known to take them, and answers those that were not there yet. The tail's second statement: rows and
 * nothing else, which a database that is spread over nodes by run sends to where the runs lie.
 */
export async function insertBatchValues(sql: AnySql, batches: Omit<BatchColumns, 'fences'>): Promise<StoredBatch[]> {
  const { runIds, streams, seqs, points, data, receivedAtMs } = batches
  const parameters: (number | string)[] = [receivedAtMs]
  for (let i = 0; i < runIds.length; i++)
    parameters.push(
      runIds[i] as number,
      streams[i] as number,
      seqs[i] as number,
      points[i] as number,
      (data[i] as Buffer).toString('base64'),
    )
  const text = texts[runIds.length] ?? insertOf(runIds.length)
  texts[runIds.length] = text
  return (await sql.unsafe(text, parameters, { prepare: true }).values()) as unknown as StoredBatch[]
}

function insertOf(rows: number): string {
  const values = Array.from({ length: rows }, (_, row) => {
    const [runId, stream, seq, points, data] = Array.from({ length: COLUMNS }, (_, i) => `$${row * COLUMNS + i + 2}`)
    return `(${runId}::bigint, ${stream}::int, ${seq}::bigint, ${points}::int, to_timestamp($1::float8 / 1000), decode(${data}::text, 'base64'))`
  })
  return `insert into metric_tail (run_id, stream, seq, n_points, received_at, data)
     values ${values.join(', ')}
     on conflict do nothing
     returning run_id, stream, seq`
}
