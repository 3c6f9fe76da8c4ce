/** Where rows and columns of a matrix lie, in px, and which of them are in sight. Pure. */
import { type Entry, hasCells } from './arrange-rows.ts'
import { type ColumnHead, commonN, type MatrixModel, rowKey, usualProtocol } from './matrix-model.ts'

export interface GridSizes {
  name: number
  /** Width of a column, and what it may grow to where there is room. */
  cell: number
  cellMax: number
  row: number
}

/** Sizes of a matrix that prints intervals, and of one that prints changes alone; both for a wide screen and a phone. */
export const SIZES = {
  scores: {
    wide: { name: 216, cell: 104, cellMax: 124, row: 54 },
    narrow: { name: 112, cell: 96, cellMax: 96, row: 54 },
  },
  changes: {
    wide: { name: 216, cell: 86, cellMax: 116, row: 38 },
    narrow: { name: 104, cell: 74, cellMax: 74, row: 50 },
  },
} as const

/** Heights of the heads, of the row of budgets below them, and of a group's caption. */
export const HEAD = 52
export const BUDGET = 29
export const GROUP_HEIGHT = 24
/** Between the path and its siblings. */
export const GAP = 16
const PLANNED = 62
/** Rows and columns beyond the edge that are drawn already. */
export const OVERSCAN = 3

/** The sizes with columns as wide as the room allows. */
export function fitted(sizes: GridSizes, columns: number, width: number): GridSizes {
  const room = Math.floor((width - sizes.name - GAP) / Math.max(1, columns))
  return { ...sizes, cell: Math.min(sizes.cellMax, Math.max(sizes.cell, room)) }
}

/** Where each column begins, and the end of the last. Siblings stand apart; stages without a checkpoint are narrow. */
export function columnLefts(model: MatrixModel, sizes: GridSizes): number[] {
  let at = 0
  const lefts: number[] = []
  let group: ColumnHead['group'] | null = null
  for (const column of model.columns) {
    if (column && group !== null && column.group !== group) at += GAP
    group = column?.group ?? group
    lefts.push(at)
    at += column && column.checkpoint === null ? PLANNED : sizes.cell
  }
  return [...lefts, at]
}

/** True where the column is the last of its group. */
export const gapAfter = (model: MatrixModel, at: number): boolean => {
  const [column, next] = [model.columns[at], model.columns[at + 1]]
  return Boolean(column && next && column.group !== next.group)
}

/** The first and the last of ascending starts within a window, with some beyond both edges. */
export function inSight(
  starts: readonly number[],
  end: number,
  from: number,
  size: number,
  beyond = OVERSCAN,
): [number, number] {
  const after = (edge: number): number => {
    let [low, high] = [0, starts.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? end) <= edge) low = middle + 1
      else high = middle
    }
    return low
  }
  return [
    Math.max(0, after(from) - 1 - beyond),
    Math.min(starts.length - 1, Math.max(0, after(from + size) - 1) + beyond),
  ]
}

/** Places from first to last; the active one stays in the document, wherever it was scrolled to. */
export function range(first: number, last: number, active: number): number[] {
  const places = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
  return active >= first && active <= last ? places : [...places, active]
}

/** The row nearest to so many px below (or above) another. */
export function rowAfter(entries: readonly Entry[], tops: readonly number[], from: number, by: number): number {
  const goal = (tops[from] ?? 0) + by
  let best = from
  entries.forEach((entry, at) => {
    if (hasCells(entry) && Math.abs((tops[at] ?? 0) - goal) < Math.abs((tops[best] ?? 0) - goal)) best = at
  })
  return best
}

/** Whether two models have the same rows and columns, so that a cell of one lies where the other's does. */
export const isAlike = (a: MatrixModel, b: MatrixModel): boolean =>
  a === b ||
  (a.rows.length === b.rows.length &&
    a.columns.length === b.columns.length &&
    a.columns.every((column, at) => column?.key === b.columns[at]?.key) &&
    a.rows.every((row, at) => rowKey(row) === rowKey(b.rows[at] ?? row)))

/** What a row says of itself: what all its cells share. */
export interface RowHead {
  n: number | null
  protocol: string | null
}

/** The heads of rows, each made when it is first asked for: a row in sight reads all of its cells, the others need not. */
export function rowHeads(model: MatrixModel): (row: number) => RowHead {
  const made = new Map<number, RowHead>()
  return (row) => {
    const known = made.get(row)
    if (known) return known
    const head = { n: commonN(model, row), protocol: usualProtocol(model, row) }
    made.set(row, head)
    return head
  }
}
