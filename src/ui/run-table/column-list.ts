/** The columns of a runs table as its address names them: `state,metrics.loss.min!@90` is two columns, the second pinned and 90 px wide. */

/** A chosen column. The column of names is no part of the list: it always stands first. */
export interface ChosenColumn {
  /** A field of the search grammar, such as `config.lr` or `metrics.loss.min`. */
  field: string
  /** Stays in sight when the table scrolls sideways. */
  isPinned: boolean
  /** In px; null: the usual width of such a column. */
  width: number | null
}

/** Narrowest and widest column, px. */
export const COLUMN_WIDTH_MIN = 44
export const COLUMN_WIDTH_MAX = 640
/** One step of a width by keys, px. */
export const COLUMN_WIDTH_STEP = 16

const MARKS = /^(.*?)(!)?(?:@(\d{2,3}))?$/s

/** Reads a list of columns; what is twice in it counts once. Fields are not checked here. */
export function readColumns(text: string): ChosenColumn[] {
  const found: ChosenColumn[] = []
  for (const part of splitList(text)) {
    const [, field = '', pin, width] = MARKS.exec(part) ?? []
    if (field === '' || found.some((one) => one.field === field)) continue
    found.push({ field, isPinned: pin !== undefined, width: width === undefined ? null : fitWidth(Number(width)) })
  }
  return found
}

/** The list as one text; `readColumns` of it gives the list again. */
export const writeColumns = (columns: readonly ChosenColumn[]): string =>
  columns
    .map(({ field, isPinned, width }) => `${field}${isPinned ? '!' : ''}${width === null ? '' : `@${width}`}`)
    .join(',')

/** The parts between commas; a comma inside back-ticks belongs to a key. */
export function splitList(text: string): string[] {
  const parts: string[] = []
  let part = ''
  let isQuoted = false
  let isEscaped = false
  for (const sign of text) {
    if (sign === '`' && !isEscaped) isQuoted = !isQuoted
    isEscaped = isQuoted && sign === '\\' && !isEscaped
    if (sign === ',' && !isQuoted) {
      parts.push(part.trim())
      part = ''
    } else part += sign
  }
  parts.push(part.trim())
  return parts.filter((one) => one !== '')
}

/** The nearest width that a column may have, in whole px. */
export const fitWidth = (width: number): number =>
  Math.round(Math.min(COLUMN_WIDTH_MAX, Math.max(COLUMN_WIDTH_MIN, width)))

/** With `field` moved by `places` among its like, pinned or not; the list itself where it cannot move so far. */
export function moveColumn(columns: readonly ChosenColumn[], field: string, places: number): readonly ChosenColumn[] {
  const from = columns.findIndex((one) => one.field === field)
  const moved = columns[from]
  if (!moved) return columns
  const like = columns.filter((one) => one.isPinned === moved.isPinned)
  const target = like[like.indexOf(moved) + places]
  return target ? moveColumnTo(columns, field, target.field) : columns
}

/** With `field` at the place of `target`; the others close up. Where one is pinned and the other not, it becomes like its target. */
export function moveColumnTo(columns: readonly ChosenColumn[], field: string, target: string): readonly ChosenColumn[] {
  const moved = columns.find((one) => one.field === field)
  const to = columns.findIndex((one) => one.field === target)
  const goal = columns[to]
  if (!moved || !goal || moved === goal) return columns
  const rest = columns.filter((one) => one !== moved)
  rest.splice(to, 0, { ...moved, isPinned: goal.isPinned })
  return rest
}

/** With the column changed. */
export const changeColumn = (
  columns: readonly ChosenColumn[],
  field: string,
  change: Partial<Pick<ChosenColumn, 'isPinned' | 'width'>>,
): readonly ChosenColumn[] => columns.map((one) => (one.field === field ? { ...one, ...change } : one))

/** With the column at the end, or without it when it was there. */
export const toggleColumn = (columns: readonly ChosenColumn[], field: string): readonly ChosenColumn[] =>
  columns.some((one) => one.field === field)
    ? columns.filter((one) => one.field !== field)
    : [...columns, { field, isPinned: false, width: null }]
