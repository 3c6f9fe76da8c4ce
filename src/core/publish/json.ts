import type { TableText } from './table.ts'

/** A table as JSON: names of columns, rows as lists in their order with the characters of the screen, links beside, notes below. */
export function jsonText({ title, table, notes }: TableText): string {
  const document = {
    title,
    columns: table.columns.map(({ name }) => name),
    rows: table.rows.map((row) =>
      row.map(({ text, href, strong }) => (href === undefined && !strong ? text : { text, href, strong })),
    ),
    notes,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
