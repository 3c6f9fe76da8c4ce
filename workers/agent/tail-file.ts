import fs from 'node:fs'
import { LOG_LINE_BYTES_MAX } from '#src/protocol/metrics.ts'

const READ_BYTES_MAX = 512 * 1024
/** A reader that is further behind than this gives up the oldest of it: a flood must not fill the disk. */
const BEHIND_BYTES_MAX = 64 * 1024 * 1024
/** A file that was read whole is emptied at this size; its writer appends, so it goes on at the start. */
const EMPTY_AT_BYTES = 32 * 1024 * 1024
/** Room for the JSON of one line beside the limit of the door. */
const LINE_BYTES = LOG_LINE_BYTES_MAX - 1024
const NEWLINE = 10

export interface TailState {
  /** Bytes of the file that were read. */
  offset: number
}

/**
 * Reads whole lines that were appended since `state.offset`, and moves it. A line without an end is left for later, unless it is
 * longer than a line may be (it comes in pieces) or `atEnd` says that nothing follows.
 */
export function readNewLines(file: string, state: TailState, atEnd: boolean): string[] {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const lines: string[] = []
  if (size - state.offset > BEHIND_BYTES_MAX) {
    const skipped = size - state.offset - READ_BYTES_MAX
    state.offset += skipped
    lines.push(`[descent: ${skipped} bytes of output were dropped, the program wrote faster than they could be sent]`)
  }
  const chunk = readChunk(file, state.offset, Math.min(size - state.offset, READ_BYTES_MAX))
  let start = 0
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
    pushPieces(lines, chunk.subarray(start, at))
    start = at + 1
  }
  const rest = chunk.subarray(start)
  const whole = atEnd && state.offset + chunk.length >= size
  if (rest.length > 0 && (whole || rest.length >= LINE_BYTES)) {
    pushPieces(lines, rest)
    start = chunk.length
  }
  state.offset += start
  if (state.offset === size && size > EMPTY_AT_BYTES) {
    fs.truncateSync(file, 0)
    state.offset = 0
  }
  return lines
}

function readChunk(file: string, offset: number, length: number): Buffer {
  if (length <= 0) return Buffer.alloc(0)
  const buffer = Buffer.alloc(length)
  const descriptor = fs.openSync(file, 'r')
  try {
    return buffer.subarray(0, fs.readSync(descriptor, buffer, 0, length, offset))
  } finally {
    fs.closeSync(descriptor)
  }
}

function pushPieces(lines: string[], bytes: Buffer): void {
  if (bytes.length <= LINE_BYTES) {
    lines.push(textOf(bytes))
    return
  }
  for (let at = 0; at < bytes.length; at += LINE_BYTES) lines.push(textOf(bytes.subarray(at, at + LINE_BYTES)))
}

/** NUL cannot be stored as text; a trailing carriage return belongs to the line's end. */
const textOf = (bytes: Buffer): string => bytes.toString('utf8').replaceAll('\0', '\ufffd').replace(/\r$/, '')
