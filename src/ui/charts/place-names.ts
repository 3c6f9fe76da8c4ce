/** Places of names beside the points of a drawing, none over another. Pure; all in px of the drawing. */

export interface NamedPoint {
  name: string
  x: number
  y: number
  /** Lower ones choose their place first. */
  rank: number
  /** Set in bold, which is wider. */
  isStrong?: boolean
  /** A second line below the name; empty or absent: there is none. */
  note?: string
}

/** Where a name stands: its place among the points, its base line, and the end from which it is set. */
export interface NamePlace {
  point: number
  x: number
  y: number
  anchor: 'start' | 'end' | 'middle'
}

export interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

/** A line of 12 px above and below its base line, px, and from line to line. */
const ABOVE = 10
const BELOW = 3
export const NOTE_LINE = 15
/** A mark of a point covers so much around its middle, px. */
const MARK = 5

/**
 * Places for the names of points inside a box: over no point, no other name and none of the words that stand already. A name without
 * room has no place; the table and the reading of its point hold it.
 *
 * @param taken what else may not be covered, such as the words of an axis
 * @param spared what is covered only where there is no other room, such as the bars of intervals
 */
export function placeNames(
  points: readonly NamedPoint[],
  box: Box,
  taken: readonly Box[] = [],
  spared: readonly Box[] = [],
): NamePlace[] {
  const held: Box[] = [
    ...points.map(({ x, y }) => ({ left: x - MARK, right: x + MARK, top: y - MARK, bottom: y + MARK })),
    ...taken,
  ]
  const placed: NamePlace[] = []
  const order = [...points.keys()].sort((a, b) => (points[a]?.rank ?? 0) - (points[b]?.rank ?? 0) || a - b)
  for (const i of order) {
    const point = points[i] as NamedPoint
    const free = candidates(i, point).filter((place) => {
      const rect = nameBox(point, place)
      return isInside(rect, box) && held.every((other) => !meet(rect, other))
    })
    const found = free.find((place) => spared.every((other) => !meet(nameBox(point, place), other))) ?? free[0]
    if (!found) continue
    held.push(nameBox(point, found))
    placed.push(found)
  }
  return placed
}

/** What a name at a place covers, with its note. */
export function nameBox({ name, note = '', isStrong = false }: NamedPoint, { x, y, anchor }: NamePlace): Box {
  const width = Math.max(wordWidth(name, isStrong), wordWidth(note, false))
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { left, right: left + width, top: y - ABOVE, bottom: y + BELOW + (note === '' ? 0 : NOTE_LINE) }
}

/** About how wide a text of 12 px is in the type of the pages, px; rather too wide than too narrow. */
export function wordWidth(text: string, isStrong: boolean): number {
  let width = 0
  for (const letter of text)
    width += NARROW.has(letter) ? 4.6 : WIDE.test(letter) ? 10.5 : CAPITAL.test(letter) ? 8.4 : 7.2
  return width * (isStrong ? 1.06 : 1)
}

const NARROW = new Set("iIljtfr.,:;'|!()[]/ 1")
const WIDE = /[mwMW@%…—]|[\u0250-\uffff]/
const CAPITAL = /[A-Z&#+=<>−~]/

/** What the bars of intervals around a point cover; null ends: there is no bar. */
export const barBoxes = (
  { x, y }: Pick<NamedPoint, 'x' | 'y'>,
  across: readonly [number, number] | null,
  up: readonly [number, number] | null,
): Box[] => [
  ...(across ? [{ left: Math.min(...across), right: Math.max(...across), top: y - 1, bottom: y + 1 }] : []),
  ...(up ? [{ left: x - 1, right: x + 1, top: Math.min(...up), bottom: Math.max(...up) }] : []),
]

const isInside = (rect: Box, box: Box): boolean =>
  rect.left >= box.left && rect.right <= box.right && rect.top >= box.top && rect.bottom <= box.bottom

/** True where two boxes share more than an edge. */
export const meet = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/** Beside the point, then above and below it, then aslant. */
function candidates(point: number, { x, y, note = '' }: NamedPoint): NamePlace[] {
  // A second line needs its room above the point and hangs below the first one elsewhere.
  const up = note === '' ? 0 : NOTE_LINE
  return [
    { point, x: x + 9, y: y + 4 - up / 2, anchor: 'start' },
    { point, x: x - 9, y: y + 4 - up / 2, anchor: 'end' },
    { point, x, y: y - 10 - up, anchor: 'middle' },
    { point, x, y: y + 19, anchor: 'middle' },
    { point, x: x + 9, y: y - 8 - up, anchor: 'start' },
    { point, x: x - 9, y: y - 8 - up, anchor: 'end' },
    { point, x: x + 9, y: y + 16, anchor: 'start' },
    { point, x: x - 9, y: y + 16, anchor: 'end' },
  ]
}
