import { plainCells, spreadsheetText } from './csv.ts'
import type { PublishedTable } from './table.ts'

/** A table with tabs between cells, as spreadsheets take it from the clipboard. What would end a cell or a row becomes a blank. */
export function tsvTable({ columns, rows }: PublishedTable): string {
  const lines = [columns.map(({ name }) => name), ...rows.map(plainCells)]
  return lines
    .map((line) => `${line.map((text) => spreadsheetText(text.replace(/[\t\r\n]+/g, ' '))).join('\t')}\n`)
    .join('')
}
