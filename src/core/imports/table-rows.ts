/** Rows of a whole table of scores in memory (CSV with a head, JSON lines or a JSON array), each with the line on which it begins. */
import { csvReader } from './csv-rows.ts'
import { recordSplitter } from './record-splitter.ts'
import { parseTolerantJson } from './tolerant-json.ts'

export interface TableRow {
  /** "line 4"; of a JSON array "record 4". */
  at: string
  /** The cells by column, or what is wrong with the row. */
  cells: Readonly<Record<string, unknown>> | string
}

export interface Table {
  /** Names of the columns as they stand in the file, lower case for CSV. */
  columns: readonly string[]
  rows: readonly TableRow[]
}

const RECORD_CHARACTERS_MAX = 1024 * 1024

/** Reads CSV as RFC 4180 has it; a head stands on the first line. */
export function readCsvTable(text: string): Table {
  const reader = csvReader()
  const rows: TableRow[] = []
  let columns: string[] | null = null
  let begun: number | null = null
  let quotes = 0
  const take = (cells: readonly string[], line: number): void => {
    if (columns === null) columns = cells.map((cell) => cell.trim().toLowerCase())
    else if (cells.length > columns.length)
      rows.push({ at: `line ${line}`, cells: `has ${cells.length} cells, the head has ${columns.length}` })
    else rows.push({ at: `line ${line}`, cells: Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? ''])) })
  }
  // A quoted cell may hold line breaks: the row is whole on a later line than the one on which it begins.
  for (const [i, line] of text.split('\n').entries()) {
    begun ??= i + 1
    quotes += line.split('"').length - 1
    const whole = reader.push(`${line}\n`)
    for (const cells of whole) take(cells, begun)
    // Within an open quote an empty line belongs to the cell.
    if (whole.length > 0 || (line.trim() === '' && quotes % 2 === 0)) begun = null
  }
  for (const cells of reader.end()) take(cells, begun ?? 1)
  return { columns: columns ?? [], rows }
}

/** Reads one JSON object per line, or the objects of one array. Columns are those that any row has. */
export function readJsonTable(text: string): Table {
  const rows = isArray(text) ? arrayRows(text) : lineRows(text)
  const columns = new Set(rows.flatMap(({ cells }) => (typeof cells === 'string' ? [] : Object.keys(cells))))
  return { columns: [...columns], rows }
}

const isArray = (text: string): boolean => text.replace(/^[\ufeff\s]+/, '').startsWith('[')

const lineRows = (text: string): TableRow[] =>
  text
    .replace(/^\ufeff/, '')
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [{ at: `line ${i + 1}`, cells: parsed(line) }]))

function arrayRows(text: string): TableRow[] {
  const splitter = recordSplitter(RECORD_CHARACTERS_MAX)
  return [...splitter.push(text), ...splitter.end()].map((record, i) => ({
    at: `record ${i + 1}`,
    cells: parsed(record),
  }))
}

function parsed(text: string): TableRow['cells'] {
  try {
    const value = parseTolerantJson(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : 'is no JSON object'
  } catch {
    return 'is no whole JSON object'
  }
}
