import { ansiText, isPlain, LINE_CHARACTERS_MAX } from '../../core/console/ansi-spans.ts'
import { chunkPlaces } from '../../core/metrics/console-chunk.ts'
import type { BoundedPattern } from './bounded-pattern.ts'

/** Finds in a chunk the lines that a search matches: their indices within the chunk, ascending. */
export type ScanChunk = (data: Buffer) => number[]

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that colours begin with
const COLOURS = /\u001b\[[0-9;:]*m/g
const ASCII = /^[\u0020-\u007e]*$/

/**
 * Looks for a text. What most chunks hold is decided on their bytes as a whole; lines are unpacked only where it may stand.
 *
 * @param exact upper and lower case differ
 */
export function scanForText(text: string, exact: boolean): ScanChunk {
  const folded = exact ? text : text.toLowerCase()
  const fold = (line: string) => (exact ? line : line.toLowerCase())
  const isInLine = (line: string) => fold(line).includes(folded)
  if (!ASCII.test(text)) return (data) => linesWhere(data, isInLine)
  return (data) => {
    const places = chunkPlaces(data)
    // A byte a character: offsets are those of the bytes, and letters beyond ASCII cannot be taken for the text's.
    const region = data.toString('latin1', places.textAt)
    if (isPlain(region)) {
      const searched = fold(region)
      const first = searched.indexOf(folded)
      return first < 0 ? [] : linesAt(searched, folded, first, places.lengths())
    }
    const uncoloured = region.replace(COLOURS, '')
    if (!uncoloured.includes('\u001b') && !fold(uncoloured).includes(folded)) return []
    return linesWhere(data, isInLine)
  }
}

/** The lines that hold the places of a text in the joined lines; what lies across the end of a line is none. */
function linesAt(searched: string, text: string, first: number, lengths: Float64Array): number[] {
  const found: number[] = []
  let line = 0
  let end = lengths[0] ?? 0
  for (let at = first; at >= 0; ) {
    while (at >= end && line < lengths.length - 1) end += lengths[++line] as number
    if (at + text.length > end) {
      // It may begin again within: the next place is looked for one further.
      at = searched.indexOf(text, at + 1)
      continue
    }
    found.push(line)
    at = searched.indexOf(text, end)
  }
  return found
}

function linesWhere(data: Buffer, isHit: (line: string) => boolean): number[] {
  const found: number[] = []
  shownLines(data).forEach((line, i) => {
    if (isHit(line)) found.push(i)
  })
  return found
}

/** Looks for a regular expression. @throws PatternTooSlow */
export const scanForPattern =
  (pattern: BoundedPattern): ScanChunk =>
  (data) => [...pattern.test(shownLines(data))]

/** The lines of a chunk as they are shown. */
function shownLines(data: Buffer): string[] {
  const places = chunkPlaces(data)
  const lengths = places.lengths()
  const whole = data.toString('utf8', places.textAt)
  // As long as there are bytes: every character is one.
  const isAscii = whole.length === data.length - places.textAt
  const isAllPlain = isPlain(whole)
  const lines: string[] = []
  let at = 0
  for (const length of lengths) {
    const line = isAscii
      ? whole.substring(at, at + length)
      : data.toString('utf8', places.textAt + at, places.textAt + at + length)
    at += length
    if (!isAllPlain && !isPlain(line)) lines.push(ansiText(line))
    else lines.push(line.length > LINE_CHARACTERS_MAX ? line.slice(0, LINE_CHARACTERS_MAX) : line)
  }
  return lines
}
