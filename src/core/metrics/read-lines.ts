import type { ConsoleLine } from './console-chunk.ts'
import { BatchShapeError, BatchSizeError } from './records.ts'

export interface ReadLines {
  lines: ConsoleLine[]
  rejected: { key: string; reason: 'invalid_line' | 'invalid_time' | 'invalid_fd' | 'invalid_text' }[]
}

/**
 * Reads `{"lines": [{"t": ms, "fd": 1 | 2, "text"}]}` from parsed JSON. A bad line costs only itself and is named by its place,
 * `lines/3`; one longer than `lineBytesMax` is cut and says so.
 *
 * @throws BatchShapeError when there is no array of lines
 * @throws BatchSizeError above `linesMax`
 */
export function readLines(body: unknown, linesMax: number, lineBytesMax: number): ReadLines {
  const raw = typeof body === 'object' && body !== null && 'lines' in body ? body.lines : undefined
  if (!Array.isArray(raw))
    throw new BatchShapeError('/lines', 'The body must be {"lines": [{"t": ms, "fd": 1, "text": "…"}]}.')
  if (raw.length > linesMax) throw new BatchSizeError(raw.length)
  const read: ReadLines = { lines: [], rejected: [] }
  raw.forEach((line: unknown, i) => {
    const refuse = (reason: ReadLines['rejected'][number]['reason']) =>
      read.rejected.push({ key: `lines/${i}`, reason })
    if (typeof line !== 'object' || line === null) refuse('invalid_line')
    else {
      const { t, fd, text } = line as Record<string, unknown>
      if (typeof t !== 'number' || !(t >= 0 && t <= Number.MAX_SAFE_INTEGER)) refuse('invalid_time')
      else if (fd !== 1 && fd !== 2) refuse('invalid_fd')
      else if (typeof text !== 'string') refuse('invalid_text')
      else read.lines.push({ t: Math.round(t), fd, text: shortened(text, lineBytesMax) })
    }
  })
  return read
}

/** The text in at most `bytesMax` bytes of UTF-8, cut between characters, with a mark that says how much is gone. */
function shortened(text: string, bytesMax: number): string {
  if (text.length * 3 <= bytesMax) return text
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length <= bytesMax) return text
  const mark = (gone: number) => ` … [${gone} bytes cut]`
  let end = bytesMax - Buffer.byteLength(mark(bytes.length))
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end) + mark(bytes.length - end)
}
