import type { TableGroup } from './group-tree.ts'
import type { LoadedRow } from './table-row.ts'

/** What a row or a head asks the table to do. */
export interface GridActions {
  toggleSelected: (number: number) => void
  selectRange: (from: number, to: number) => void
  selectAll: (isOn: boolean) => void
  toggleHidden: (numbers: readonly number[]) => void
  open: (row: LoadedRow, elsewhere: boolean) => void
  /** Opens the menu of a cell; `field` null: of the run alone. */
  menu: (row: LoadedRow, field: string | null, at: DOMRect) => void
  sort: (field: string, isAdded: boolean) => void
  headMenu: (field: string, at: DOMRect) => void
  moveColumn: (field: string, places: number) => void
  moveColumnTo: (field: string, target: string) => void
  resizeColumn: (field: string, width: number, isFinal: boolean) => void
  toggleGroup: (group: TableGroup) => void
  light: (number: number | null) => void
}
