/** A comparison as a reader who may see only some of its columns reads it. */

interface Cells<Cell> {
  cells: Cell[]
  differs: boolean
}

interface Sides {
  entries: { is_baseline: boolean }[]
  how: (Cells<{ text: string | null; planned: string | null; relative: string | null }> & object)[]
  cost: (Cells<{ text: string | null; planned: string | null; relative: string | null }> & object)[]
  why: Cells<{ change: unknown } | null>[]
  readings: (unknown | null)[]
  config: Cells<string | null>[]
  metrics: Cells<unknown>[]
}

/**
 * Leaves out columns, and rows that only they filled. Where the baseline is one of them, what was reckoned against it goes too, so
 * that nothing of it can be worked out from what stays.
 *
 * @param shown places of the columns that stay, in their order
 */
export function visibleSides<S extends Sides>(sides: S, shown: readonly number[]): S {
  if (shown.length === sides.entries.length) return sides
  const keepsBaseline = shown.some((i) => sides.entries[i]?.is_baseline)
  const of = <Cell>(cells: readonly Cell[]): Cell[] => shown.map((i) => cells[i] as Cell)
  const differs = (cells: readonly unknown[]) => new Set(cells.map((cell) => JSON.stringify(cell))).size > 1
  const facts = (rows: S['how']) =>
    rows.flatMap((row) => {
      const cells = of(row.cells).map((cell) => (keepsBaseline ? cell : { ...cell, relative: null }))
      const said = cells.map(({ text, planned }) => [text, planned])
      const isSaid = cells.some(({ text, planned }) => text !== null || planned !== null)
      return isSaid ? [{ ...row, cells, differs: differs(said) }] : []
    })
  return {
    ...sides,
    entries: of(sides.entries),
    how: facts(sides.how),
    cost: facts(sides.cost),
    why: sides.why.flatMap((row) => {
      const cells = of(row.cells).map((cell) => (cell && !keepsBaseline ? { ...cell, change: null } : cell))
      return cells.some((cell) => cell !== null) ? [{ ...row, cells }] : []
    }),
    readings: of(sides.readings).map((reading) => (keepsBaseline ? reading : null)),
    config: sides.config.flatMap((row) => {
      const cells = of(row.cells)
      return cells.some((cell) => cell !== null) ? [{ ...row, cells, differs: differs(cells) }] : []
    }),
    metrics: sides.metrics.flatMap((row) => {
      const cells = of(row.cells)
      return cells.some((cell) => cell !== null) ? [{ ...row, cells, differs: differs(cells) }] : []
    }),
  }
}
