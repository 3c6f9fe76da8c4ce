import { setImmediate as nextTurn } from 'node:timers/promises'
import { csvHead, csvRows, jsonRows, type PointRows } from '../../../core/metrics/point-rows.ts'

/** Some 80 kB, and less than a millisecond. */
const ROWS_PER_CHUNK = 1_024

export interface TextFile {
  format: 'csv' | 'jsonl'
  superseded: boolean
  /** Begin with the head line; JSON lines have none. */
  head: boolean
}

/** Points as UTF-8 lines. Other requests are let through between two chunks. */
export async function* textFile(
  points: AsyncIterable<PointRows>,
  { format, superseded, head }: TextFile,
): AsyncGenerator<Uint8Array> {
  if (format === 'csv' && head) yield Buffer.from(csvHead(superseded))
  const write = format === 'csv' ? csvRows : jsonRows
  let text = ''
  let rows = 0
  for await (const piece of points) {
    const n = piece.steps.length
    for (let at = 0; at < n; ) {
      const to = Math.min(n, at + ROWS_PER_CHUNK - rows)
      text += write(piece, at, to)
      rows += to - at
      at = to
      if (rows < ROWS_PER_CHUNK) continue
      yield Buffer.from(text)
      text = ''
      rows = 0
      await nextTurn()
    }
  }
  if (text !== '') yield Buffer.from(text)
}
