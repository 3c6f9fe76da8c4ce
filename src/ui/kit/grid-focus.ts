import { type RefObject, useLayoutEffect, useRef } from 'react'

/** A cell of a grid, counted by its rows and columns. */
export interface GridPlace {
  row: number
  column: number
}

/**
 * What asks for the focus of a grid's cell: it has it once `active` is that cell and the cell is in the document, where it may come by
 * scrolling only.
 *
 * @param selectorOf finds the cell of a place inside of the grid
 */
export function useGridFocus(
  grid: RefObject<HTMLElement | null>,
  active: GridPlace,
  selectorOf: (place: GridPlace) => string,
): (place: GridPlace) => void {
  const wanted = useRef<GridPlace | null>(null)
  // With each drawing; and at once, for a drawing that was under way when a key came would move the focus to the place before.
  useLayoutEffect(() => {
    if (wanted.current?.row !== active.row || wanted.current.column !== active.column) return
    const cell = grid.current?.querySelector<HTMLElement>(selectorOf(active))
    if (!cell) return
    wanted.current = null
    cell.focus({ preventScroll: true })
  })
  return (place) => {
    wanted.current = place
  }
}
