/** Which marks of values that are NaN or infinite are drawn: a stretch of them is one place, not a fence over the chart. Pure. */

/** Marks nearer to each other than they are wide would be one blot. */
const MARK_GAP = 10
/** Marks farther apart than this are places of their own. */
const STRETCH_GAP = 24

export interface NonFiniteMark {
  /** In the axis's unit. */
  x: number
  value: string
}

export interface DrawnMark<M extends NonFiniteMark> {
  mark: M
  /** CSS px. */
  px: number
  /** A line down to the axis: at the first of a stretch. */
  hasStem: boolean
}

/**
 * Those marks of one line that are drawn, in order. Of marks that follow each other closely the first has a stem, and as many others are
 * drawn as have room; a mark of another value than the one before it (NaN, Infinity, -Infinity) is never left out for room.
 *
 * @param marks ascending in x
 * @param toPx CSS px of a place on the axis
 */
export function drawnMarks<M extends NonFiniteMark>(marks: readonly M[], toPx: (x: number) => number): DrawnMark<M>[] {
  const drawn: DrawnMark<M>[] = []
  let before = Number.NEGATIVE_INFINITY
  for (const mark of marks) {
    const px = toPx(mark.x)
    const last = drawn.at(-1)
    const isOther = last?.mark.value !== mark.value
    const hasStem = isOther || px - before >= STRETCH_GAP
    if (hasStem || last === undefined || px - last.px >= MARK_GAP) drawn.push({ mark, px, hasStem })
    before = px
  }
  return drawn
}
