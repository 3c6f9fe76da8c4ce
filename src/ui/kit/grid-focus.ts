import { type RefObject, useLayoutEffect, useRef } from 'react'

/** A cell of a grid, counted by its rows and columns. */
export interface GridPlace {
  row: number
  column: number
}

/**
 * What asks for the focus of a grid's cell: it has it once `active` is that cell and the cell is in the document, where it may come by
 * scrolling only. A cell that is drawn anew while it has the focus, as a row that stood empty until its run was known, keeps it.
 *
 * @param selectorOf finds the cell of a place inside of the grid
 */
export function useGridFocus(
  grid: RefObject<HTMLElement | null>,
  active: GridPlace,
  selectorOf: (place: GridPlace) => string,
): (place: GridPlace) => void {
  const wanted = useRef<GridPlace | null>(null)
  /** The cell that had the focus when this was last drawn. */
  const held = useRef<Element | null>(null)
  // With each drawing; and at once, for a drawing that was under way when a key came would move the focus to the place before.
  useLayoutEffect(() => {
    if (isNowhere() && held.current?.isConnected === false) wanted.current ??= active
    else held.current = grid.current?.contains(document.activeElement) ? document.activeElement : null
    if (wanted.current?.row !== active.row || wanted.current.column !== active.column) return
    const cell = grid.current?.querySelector<HTMLElement>(selectorOf(active))
    if (!cell) return
    wanted.current = null
    cell.focus({ preventScroll: true })
    held.current = cell
  })
  return (place) => {
    wanted.current = place
  }
}

const isNowhere = (): boolean => document.activeElement === null || document.activeElement === document.body
