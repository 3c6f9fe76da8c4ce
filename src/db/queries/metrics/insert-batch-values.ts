import type { AnySql } from '../../clients.ts'
import type { BatchColumns, StoredBatch } from './insert-batches.ts'

/**
 * Rows of a statement. Each number of rows is a text of its own, kept prepared by every connection: all from 1 to 128 would take
 * 80 MB of each, these take 6.
 */
const SIZES = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128]
const COLUMNS = 5

/**
 * Stores batches whose runs are known to take them, and answers those that were not there yet. The tail's second statement: rows and
 * nothing else, which a database that is spread over nodes by run sends to where the runs lie. Up to the next size the smallest batch
 * is repeated, which is a duplicate like any other.
 */
export async function insertBatchValues(sql: AnySql, batches: Omit<BatchColumns, 'fences'>): Promise<StoredBatch[]> {
  const { runIds, streams, seqs, points, data, receivedAtMs } = batches
  const bytes = data.map((one) => one.length)
  const smallest = bytes.indexOf(bytes.reduce((a, b) => Math.min(a, b), bytes[0] ?? 0))
  const rows = SIZES.find((size) => size >= runIds.length) ?? runIds.length
  const parameters: (number | Buffer)[] = [receivedAtMs]
  for (let row = 0; row < rows; row++) {
    const i = row < runIds.length ? row : smallest
    parameters.push(
      runIds[i] as number,
      streams[i] as number,
      seqs[i] as number,
      points[i] as number,
      data[i] as Buffer,
    )
  }
  const text = texts.get(rows) ?? insertOf(rows)
  texts.set(rows, text)
  return (await sql.unsafe(text, parameters, { prepare: true }).values()) as unknown as StoredBatch[]
}

const texts = new Map<number, string>()

function insertOf(rows: number): string {
  const values = Array.from({ length: rows }, (_, row) => {
    const [runId, stream, seq, points, data] = Array.from({ length: COLUMNS }, (_, i) => `$${row * COLUMNS + i + 2}`)
    return `(${runId}::bigint, ${stream}::int, ${seq}::bigint, ${points}::int, to_timestamp($1::float8 / 1000), ${data}::bytea)`
  })
  return `insert into metric_tail (run_id, stream, seq, n_points, received_at, data)
     values ${values.join(', ')}
     on conflict do nothing
     returning run_id, stream, seq`
}
