import type { PublishedCell, PublishedTable } from './table.ts'

/**
 * A table as CSV with CRLF (RFC 4180): the same characters as in the other forms, but numbers with an ASCII minus and without commas
 * between thousands, so that programs read them. A text that a spreadsheet would take for a formula gets a quote before it.
 */
export function csvTable({ columns, rows }: PublishedTable): string {
  const lines = [columns.map(({ name }) => name), ...rows.map(plainCells)]
  return lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('')
}

/** The texts of a row, numbers without the commas between their thousands; the name of the row as it is. */
export const plainCells = (row: readonly PublishedCell[]): string[] =>
  row.map(({ text, verbatim }, i) =>
    i > 0 && !verbatim && /^[−+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text,
  )

/** Numbers with an ASCII minus; a quote before what a spreadsheet would take for a formula. */
export function spreadsheetText(text: string): string {
  if (/^[−+]?\d+(\.\d+)?(e−?\d+)?$/.test(text)) return text.replaceAll('−', '-')
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

/** One value of a line of CSV. */
export function csvCell(text: string): string {
  const safe = spreadsheetText(text)
  return /[",\n\r]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
