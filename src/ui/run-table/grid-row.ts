import type { CSSProperties } from 'react'
import type { ColouredBy } from '#src/ui/charts/run-colour.ts'
import type { GridActions } from './grid-actions.ts'
import type { GridColumn, GridColumns } from './grid-columns.ts'
import type { LoadedRow } from './table-row.ts'

/** What every row of a grid is given, be it of a run, of a group or of one on its way. */
export interface GridRowProps {
  columns: GridColumns
  drawnColumns: readonly GridColumn[]
  firstColumn: number
  /** Width of the columns left of those that are drawn, px. */
  lead: number
  currency: string
  baseline: LoadedRow | null
  colouredBy: ColouredBy
  actions: GridActions
  focusAt: (row: number, column: number) => void
  clickBox: (row: number, number: number, isRange: boolean) => void
  place: number
  height: number
  activeColumn: number | null
}

/** @param top px from the top of the table; null: where it falls */
export const rowStyle = (top: number | null, height: number): CSSProperties =>
  top === null ? { height } : { top, height }
