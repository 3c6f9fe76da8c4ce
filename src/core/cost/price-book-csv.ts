/**
 * A price book as CSV (RFC 4180): one line a record, prices and rates in one file, so that a spreadsheet holds the whole book. An empty cell
 * is what is not told.
 */
import type { PriceRecord } from './price-book.ts'
import type { CurrencyRate } from './rates.ts'

const COLUMNS = [
  'record',
  'device',
  'provider',
  'region',
  'commitment',
  'currency',
  'low',
  'typical',
  'high',
  'paid',
  'assumed',
  'valid_from',
  'valid_to',
  'priced_on',
  'source',
  'origin',
  'to_currency',
  'rate',
] as const
type Column = (typeof COLUMNS)[number]
type Line = Partial<Record<Column, string | null>>

/** What a file of a price book holds, not yet checked. */
export interface BookLines {
  prices: PriceRecord[]
  rates: CurrencyRate[]
}

/** The file of a book. */
export function bookToCsv({ prices, rates }: BookLines): string {
  const lines: Line[] = [
    ...prices.map((price) => ({
      ...price,
      record: 'price',
      assumed: String(price.assumed),
      valid_from: price.validFrom,
      valid_to: price.validTo,
      priced_on: price.pricedOn,
    })),
    ...rates.map(({ from, to, rate, on, source }) => ({
      record: 'rate',
      currency: from,
      to_currency: to,
      rate,
      valid_from: on,
      source,
    })),
  ]
  const rows = [COLUMNS, ...lines.map((line) => COLUMNS.map((column) => line[column] ?? ''))]
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

/**
 * The records of a file, in its order. Columns may stand in any order, and only `record` must be there.
 *
 * @throws RangeError for an unknown column, a line of another length, or a record that is neither `price` nor `rate`; the message names line
 *   and value. What the records say is for `checkedPrice` and `checkedRate`.
 */
export function bookFromCsv(text: string): BookLines {
  const [head, ...rows] = readCsv(text)
  if (!head) throw new RangeError('the file must begin with a line of column names, got nothing')
  const known = new Set<string>(COLUMNS)
  const unknown = head.find((name) => !known.has(name))
  if (unknown !== undefined) throw new RangeError(`column "${unknown}" is not known; columns are ${COLUMNS.join(', ')}`)
  if (!head.includes('record')) throw new RangeError('the file must have a column "record" that says price or rate')
  const book: BookLines = { prices: [], rates: [] }
  for (const [i, row] of rows.entries()) {
    const where = `record ${i + 1}`
    if (row.length !== head.length)
      throw new RangeError(`${where} must have ${head.length} cells as the first line has, got ${row.length}`)
    const line = Object.fromEntries(head.map((name, at) => [name, row[at] || null])) as Line
    if (line.record === 'price') book.prices.push(priceOf(line, where))
    else if (line.record === 'rate') book.rates.push(rateOf(line))
    else throw new RangeError(`${where} must be price or rate, got ${JSON.stringify(line.record ?? '')}`)
  }
  return book
}

function priceOf(line: Line, where: string): PriceRecord {
  const { assumed } = line
  if (assumed && assumed !== 'true' && assumed !== 'false')
    throw new RangeError(`assumed of ${where} must be true or false, got "${assumed}"`)
  return {
    device: line.device ?? '',
    provider: line.provider ?? null,
    region: line.region ?? null,
    commitment: line.commitment ?? null,
    currency: line.currency ?? '',
    low: line.low ?? null,
    typical: line.typical ?? null,
    high: line.high ?? null,
    paid: line.paid ?? null,
    assumed: assumed === 'true',
    source: line.source ?? '',
    pricedOn: line.priced_on ?? null,
    validFrom: line.valid_from ?? null,
    validTo: line.valid_to ?? null,
    origin: line.origin === 'built_in' ? 'built_in' : 'workspace',
  }
}

const rateOf = (line: Line): CurrencyRate => ({
  from: line.currency ?? '',
  to: line.to_currency ?? '',
  rate: line.rate ?? '',
  on: line.valid_from ?? '',
  source: line.source ?? '',
})

/** A spreadsheet takes these for the begin of a formula; a quote before them, which reading takes away, makes them text. */
const FORMULA = /^'*[=+\-@\t\r]/

function cell(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value
  return /[",\n\r]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Rows of cells; empty lines are passed over, a mark of byte order too. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  // A cell is quoted, with doubled quotes inside, or runs up to the next comma or line end.
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/gy
  const body = text.replace(/^\uFEFF/, '')
  while (pattern.lastIndex < body.length) {
    const at = pattern.lastIndex
    const found = pattern.exec(body)
    if (!found)
      throw new RangeError(`the file is no CSV at character ${at + 1}: ${JSON.stringify(body.slice(at, at + 20))}`)
    const value = found[1] === undefined ? (found[2] ?? '') : found[1].replaceAll('""', '"')
    row.push(value.startsWith("'") && FORMULA.test(value) ? value.slice(1) : value)
    if (found[3] === ',' && pattern.lastIndex < body.length) continue
    if (found[3] === ',') row.push('')
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  return rows
}
