/** A table that was stored as text, as far as it was read. */
import { csvReader } from '../imports/csv-rows.ts'

export interface TextTable {
  columns: string[]
  /** As many cells as columns; null is missing. */
  rows: (string | number | boolean | null)[][]
}

/**
 * Rows of CSV, TSV or of a JSON object a line.
 *
 * @param isWhole false: the text was cut, and its last line is left out
 * @returns null when a line is not what the name says
 */
export function readTableText(name: string, text: string, isWhole: boolean): TextTable | null {
  const end = isWhole ? text.length : text.lastIndexOf('\n') + 1
  const whole = text.slice(0, end)
  if (/\.(jsonl|ndjson)$/i.test(name)) return fromLines(whole)
  if (/\.tsv$/i.test(name))
    return fromRows(
      whole
        .split('\n')
        .filter(Boolean)
        .map((line) => line.replace(/\r$/, '').split('\t')),
    )
  const reader = csvReader()
  return fromRows([...reader.push(whole), ...reader.end()])
}

function fromRows([head, ...rows]: string[][]): TextTable {
  const columns = head ?? []
  return { columns, rows: rows.map((row) => columns.map((_, i) => row[i] ?? null)) }
}

function fromLines(text: string): TextTable | null {
  const columns = new Map<string, number>()
  const objects: Record<string, unknown>[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      return null
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    for (const key of Object.keys(value)) if (!columns.has(key)) columns.set(key, columns.size)
    objects.push(value as Record<string, unknown>)
  }
  const names = [...columns.keys()]
  return { columns: names, rows: objects.map((object) => names.map((name) => cell(object[name]))) }
}

function cell(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}
