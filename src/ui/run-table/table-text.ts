import type { TableText } from '#src/core/publish/table.ts'
import { cellWords } from './cell-words.ts'
import { columnWords } from './column-look.ts'
import type { GridColumns } from './grid-columns.ts'
import { cellOf, type LoadedRow } from './table-row.ts'

/** The table as copies have it: the columns, the order and the rounding of the screen; the notes say what it was filtered by. */
export function tableText(options: {
  title: string
  columns: GridColumns
  rows: readonly LoadedRow[]
  currency: string
  /** Sentences below: the filter, what was left out. */
  notes: readonly string[]
}): TableText {
  const { title, columns, rows, currency, notes } = options
  return {
    title,
    table: {
      columns: [
        { name: 'Run', align: 'left' },
        { name: 'Number', align: 'right' },
        ...columns.all.map(({ look }) => ({ name: columnWords(look), align: look.align })),
      ],
      rows: rows.map((loaded) => [
        { text: loaded.row.name },
        { text: String(loaded.row.number) },
        ...columns.all.map(({ look }) => ({ text: cellWords(look, cellOf(loaded, look.text) ?? null, currency).text })),
      ]),
    },
    footRows: 0,
    notes,
  }
}
