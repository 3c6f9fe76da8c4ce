import type { PublishedTable } from './table.ts'

/**
 * A table as CSV with CRLF (RFC 4180): the same characters as in the other forms, but numbers with an ASCII minus, so that programs
 * read them. A text that a spreadsheet would take for a formula gets a quote before it.
 */
export function csvTable({ columns, rows }: PublishedTable): string {
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => row.map(({ text }) => text))]
  return lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('')
}

/** Numbers with an ASCII minus; a quote before what a spreadsheet would take for a formula. */
export function spreadsheetText(text: string): string {
  if (/^[−+]?\d+(\.\d+)?$/.test(text)) return text.replace('−', '-')
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

/** One value of a line of CSV. */
export function csvCell(text: string): string {
  const safe = spreadsheetText(text)
  return /[",\n\r]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
