/** The difference of two texts as lines with their changed words. */
import { diffArrays, diffLines } from 'diff'

export interface DiffPart {
  text: string
  changed: boolean
}

export type DiffLine =
  | { kind: 'same'; text: string }
  | { kind: 'left' | 'right'; parts: DiffPart[] }
  /** So many equal lines are folded. */
  | { kind: 'fold'; count: number }

/** Equal lines that stay around a change. */
const CONTEXT = 2
/** Longer texts are compared by lines alone. */
const WORDS_MAX = 4_000

export interface TextDiff {
  lines: readonly DiffLine[]
  /** Places of the first line of each change. */
  changes: readonly number[]
}

/** Lines of both texts in one column: those of the left, those of the right, and what both have, folded away from changes. */
export function textDiff(left: string, right: string): TextDiff {
  const lines: DiffLine[] = []
  const changes: number[] = []
  const pieces = diffLines(left, right)
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i]
    if (!piece) continue
    if (!piece.added && !piece.removed) {
      lines.push(...folded(linesOf(piece.value), i === 0, i === pieces.length - 1))
      continue
    }
    changes.push(lines.length)
    const next = pieces[i + 1]
    if (piece.removed && next?.added) {
      lines.push(...changedLines(piece.value, next.value))
      i++
    } else {
      const kind = piece.removed ? 'left' : 'right'
      lines.push(...linesOf(piece.value).map((text): DiffLine => ({ kind, parts: [{ text, changed: true }] })))
    }
  }
  return { lines, changes }
}

/** Lines that took each other's place: a line beside the one with its key, with the words that changed, then what has no partner. */
function changedLines(before: string, after: string): DiffLine[] {
  const [olds, news] = [linesOf(before), linesOf(after)]
  if (before.length + after.length > WORDS_MAX) return [...whole('left', olds), ...whole('right', news)]
  const left = new Set(news.keys())
  const lines = olds.flatMap((old, i): DiffLine[] => {
    const sameKey = [...left].find((n) => keyOf(news[n] ?? '') === keyOf(old) && keyOf(old) !== null)
    const partner = sameKey ?? (olds.length === news.length && left.has(i) && keyOf(old) === null ? i : undefined)
    if (partner === undefined) return whole('left', [old])
    left.delete(partner)
    return words(old, news[partner] ?? '')
  })
  return [
    ...lines,
    ...whole(
      'right',
      [...left].map((n) => news[n] ?? ''),
    ),
  ]
}

const whole = (kind: 'left' | 'right', lines: readonly string[]): DiffLine[] =>
  lines.map((text) => ({ kind, parts: [{ text, changed: true }] }))

function words(old: string, now: string): DiffLine[] {
  const pieces = diffArrays(tokensOf(old), tokensOf(now))
  const side = (leaves: 'added' | 'removed'): DiffPart[] =>
    pieces
      .filter((piece) => !piece[leaves])
      .map(({ value, added, removed }) => ({ text: value.join(''), changed: added || removed }))
  return [
    { kind: 'left', parts: side('added') },
    { kind: 'right', parts: side('removed') },
  ]
}

/** Words, numbers whole, and what stands between them. */
const tokensOf = (line: string): string[] => line.split(/(\s+|[,:;{}()[\]"'])/).filter((token) => token !== '')

/** "  lr" of "  lr: 0.1"; null for a line without a key. */
const keyOf = (line: string): string | null => /^(\s*[^:\s][^:]*):/.exec(line)?.[1] ?? null

function folded(lines: readonly string[], isFirst: boolean, isLast: boolean): DiffLine[] {
  const head = isFirst ? 0 : CONTEXT
  const tail = isLast ? 0 : CONTEXT
  const same = (text: string): DiffLine => ({ kind: 'same', text })
  if (lines.length <= head + tail + 1) return lines.map(same)
  return [
    ...lines.slice(0, head).map(same),
    { kind: 'fold', count: lines.length - head - tail },
    ...lines.slice(lines.length - tail).map(same),
  ]
}

const linesOf = (text: string): string[] => (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
