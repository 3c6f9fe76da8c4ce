/** Heights, px of lettering of 16 px: a row, one with the change to the baseline below its values, one of a group, the head. */
export const ROW_HEIGHT = 26
export const DELTA_ROW_HEIGHT = 42
export const GROUP_ROW_HEIGHT = 42
export const HEAD_HEIGHT = 40

/** Rows of a list inside a page that are in sight; the rest is scrolled to. */
export const LIST_ROWS_MAX = 12
/** Rows that a list has room for at least, so that a menu or a message fits. */
const LIST_ROWS_MIN = 3
/** The search and the pickers above a list, px. */
const LIST_BAR_HEIGHT = 48
/** Room for the scroll bar below the last row, px. */
const EDGE = 16

/** Height of the rows of a list with their head, px of lettering of 16 px. `kept`: rows that stay on top. */
export const listRowsHeight = (places: number, rowHeight = ROW_HEIGHT, kept = 0): number =>
  HEAD_HEIGHT + (Math.min(LIST_ROWS_MAX, Math.max(LIST_ROWS_MIN, places)) + kept) * rowHeight + EDGE

/** Height of a list of so many runs with the bar above it, px: what holds its place until it is there. */
export const listHeight = (runs: number): number => LIST_BAR_HEIGHT + listRowsHeight(runs)
