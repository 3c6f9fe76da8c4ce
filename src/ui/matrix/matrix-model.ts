/** Pages of a matrix put together: rows, columns, and the cell where they meet. Pure. */
import type { BenchmarkRole } from '#src/core/evaluations/benchmarks.ts'
import type { BudgetVerdict } from '#src/core/forgetting/budget.ts'
import type { Matrix, MatrixColumn, MatrixRow, MatrixState } from '#src/protocol/matrix.ts'

export interface MatrixCell {
  score: number
  low: number | null
  high: number | null
  n: number | null
  trials: number
  protocol: Matrix['protocols'][number] | null
  role: BenchmarkRole | null
  state: MatrixState
  change: number | null
  changeLow: number | null
  changeHigh: number | null
  /** Orientation × change: negative is worse. */
  utility: number | null
  p: number | null
  pairedN: number | null
  tolerance: number | null
  budget: BudgetVerdict | null
  /** What it was compared with; null: nothing. */
  against: Matrix['baselines'][number] | null
  /** True when that is not what the rest of its column is compared with. */
  isFurtherBack: boolean
  reason: string | null
}

export type ColumnHead = Omit<MatrixColumn, 'cells' | 'baseline'> & {
  /** Unique among columns. */
  key: string
  baseline: Matrix['baselines'][number] | null
}

export interface MatrixModel {
  rows: readonly MatrixRow[]
  /** In their order; null where the page is still to come. */
  columns: readonly (ColumnHead | null)[]
  /** Null where nothing was measured, or the page is still to come. */
  cellAt: (row: number, column: number) => MatrixCell | null
  first: Matrix
  /** Why some columns have no slices; null: none was left out. */
  slicesLeftOut: string | null
}

/** The row of a benchmark or of a slice of it, named. */
export const rowKey = ({ benchmark, slice }: MatrixRow): string =>
  slice ? `${benchmark.slug} ${slice.key}=${slice.value}` : benchmark.slug

/** Puts pages together; null without the first answer. Pages that came later may know more or fewer rows: those of the first count. */
export function matrixModel(pages: readonly (Matrix | undefined)[]): MatrixModel | null {
  const known = pages.filter((page) => page !== undefined)
  const [some] = known
  if (!some) return null
  const first = known.find((page) => page.from === 0) ?? some
  const rowOf = new Map(first.rows.map((row, i) => [rowKey(row), i]))
  const columns: (ColumnHead | null)[] = new Array(first.total).fill(null)
  const places: { page: Matrix; column: MatrixColumn; cells: MatrixCell[]; at: Int32Array }[] = []
  for (const page of known) {
    const rows = page === first ? null : page.rows.map((row) => rowOf.get(rowKey(row)) ?? -1)
    const made = madeOf(page)
    page.columns.forEach((column, i) => {
      const index = page.from + i
      if (index >= columns.length) return
      const at = new Int32Array(first.rows.length).fill(-1)
      column.cells.at.forEach((row, place) => {
        const own = rows ? (rows[row] ?? -1) : row
        if (own >= 0) at[own] = place
      })
      places[index] = { page, column, cells: made.cells[i] ?? [], at }
      columns[index] = made.heads[i] ?? null
    })
  }
  return {
    rows: first.rows,
    columns,
    first,
    slicesLeftOut: known.find((page) => page.slices_left_out !== undefined)?.slices_left_out ?? null,
    cellAt(row, index) {
      const place = places[index]
      const i = place?.at[row] ?? -1
      if (!place || i < 0) return null
      const made = place.cells[i] ?? cellOf(place.page, place.column, i)
      place.cells[i] = made
      return made
    },
  }
}

/**
 * Heads and cells of a page, made once: models are put together again whenever a page comes, and what is drawn of the others stays as
 * it was.
 */
const madeFor = new WeakMap<Matrix, { heads: ColumnHead[]; cells: MatrixCell[][] }>()

function madeOf(page: Matrix) {
  const known = madeFor.get(page)
  if (known) return known
  const made = { heads: page.columns.map((column) => headOf(page, column)), cells: page.columns.map(() => []) }
  madeFor.set(page, made)
  return made
}

function headOf(page: Matrix, { cells: _, baseline, ...head }: MatrixColumn): ColumnHead {
  return {
    ...head,
    key: `${head.checkpoint?.id ?? head.experiment.number}~${head.variant}~${head.group}`,
    baseline: baseline === null ? null : (page.baselines[baseline] ?? null),
  }
}

function cellOf(page: Matrix, column: MatrixColumn, i: number): MatrixCell {
  const { cells } = column
  const change = cells.change[i] ?? null
  const against = cells.against[i] ?? null
  const higherIsBetter = page.rows[cells.at[i] ?? -1]?.benchmark.higher_is_better ?? true
  return {
    score: cells.score[i] ?? Number.NaN,
    low: cells.low[i] ?? null,
    high: cells.high[i] ?? null,
    n: cells.n[i] ?? null,
    trials: cells.trials[i] ?? 1,
    protocol: page.protocols[cells.protocol[i] ?? -1] ?? null,
    role: cells.role[i] ?? null,
    state: cells.state[i] ?? 'no_baseline',
    change,
    changeLow: cells.change_low[i] ?? null,
    changeHigh: cells.change_high[i] ?? null,
    utility: change === null ? null : (higherIsBetter ? change : -change) || 0,
    p: cells.p[i] ?? null,
    pairedN: cells.paired_n[i] ?? null,
    tolerance: cells.tolerance[i] ?? null,
    budget: cells.budget[i] ?? null,
    against: against === null ? null : (page.baselines[against] ?? null),
    isFurtherBack: against !== null && column.baseline !== null && against !== column.baseline,
    reason: page.reasons[cells.reason[i] ?? -1] ?? null,
  }
}

/** The count of items that all cells of a row share; null where they differ or none is known. */
export function commonN(model: MatrixModel, row: number): number | null {
  let common: number | null = null
  for (let column = 0; column < model.columns.length; column++) {
    const n = model.cellAt(row, column)?.n ?? null
    if (n === null) continue
    if (common !== null && n !== common) return null
    common = n
  }
  return common
}

/** The protocol under which most cells of a row were measured; null without any. */
export function usualProtocol(model: MatrixModel, row: number): string | null {
  const counts = new Map<string, number>()
  for (let column = 0; column < model.columns.length; column++) {
    const print = model.cellAt(row, column)?.protocol?.fingerprint
    if (print !== undefined) counts.set(print, (counts.get(print) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}
