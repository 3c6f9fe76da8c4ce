import type { TableRow } from '#src/protocol/runs-table.ts'
import type { CellValue } from './cell-words.ts'

/** A row with the fields that its cells are of: while other columns are on their way, those that are there stay. */
export interface LoadedRow {
  row: TableRow
  fields: readonly string[]
}

/** The value of a field; undefined: not loaded yet. */
export const cellOf = ({ row, fields }: LoadedRow, field: string): CellValue | undefined => {
  const at = fields.indexOf(field)
  return at < 0 ? undefined : (row.cells[at] ?? null)
}
