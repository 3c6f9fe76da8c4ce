/** The values of one field over many runs, as what they are: numbers or categories. */

/** Missing is null; a list, such as tags, is one category. */
export type ColumnValue = number | string | boolean | null | readonly string[]

export interface NumberColumn {
  kind: 'number'
  /** Parallel to the runs; null where the value is missing or not finite. */
  values: (number | null)[]
  /** How many are numbers. */
  n: number
  missing: number
  /** NaN and the infinities: they are told, and stand on no axis. */
  notFinite: number
}

export interface CategoryColumn {
  kind: 'category'
  /** Parallel to the runs: a place in `names`, or null. */
  values: (number | null)[]
  /** Each category once, in the order of the alphabet, numbers within it by their size. */
  names: string[]
  n: number
  missing: number
}

export type Column = NumberColumn | CategoryColumn

/**
 * Numbers where every value that is there is one; else categories, for 1 is not "1". A column without any value is one of numbers.
 */
export function readColumn(values: readonly ColumnValue[]): Column {
  const isNumbers = values.every((value) => value === null || typeof value === 'number')
  return isNumbers ? numbers(values as readonly (number | null)[]) : categories(values)
}

function numbers(values: readonly (number | null)[]): NumberColumn {
  const column: NumberColumn = { kind: 'number', values: [], n: 0, missing: 0, notFinite: 0 }
  for (const value of values) {
    const isNumber = value !== null && Number.isFinite(value)
    column.values.push(isNumber ? value : null)
    if (isNumber) column.n++
    else if (value === null) column.missing++
    else column.notFinite++
  }
  return column
}

function categories(values: readonly ColumnValue[]): CategoryColumn {
  const named = values.map((value) => (value === null ? null : nameOf(value)))
  const present = named.filter((name) => name !== null)
  const names = [...new Set(present)].sort(BY_NAME.compare)
  const places = new Map(names.map((name, i) => [name, i]))
  return {
    kind: 'category',
    values: named.map((name) => (name === null ? null : (places.get(name) ?? null))),
    names,
    n: present.length,
    missing: named.length - present.length,
  }
}

const BY_NAME = new Intl.Collator('en', { numeric: true })

/** A text that reads like a number or a truth value stands in quotes, so that it is told apart from one. */
function nameOf(value: Exclude<ColumnValue, null>): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  if (typeof value !== 'string') return String(value)
  if (value === '') return '""'
  return value === 'true' || value === 'false' || Number.isFinite(Number(value)) ? `"${value}"` : value
}

/** Whether a column of numbers is better read in decades: all above 0 and more than two of them apart. */
export function spansDecades({ values }: NumberColumn): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, 0]
  for (const value of values) {
    if (value === null) continue
    if (value <= 0) return false
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return high / low >= 100
}
