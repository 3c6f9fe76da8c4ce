import type { Expr, SearchOperator, Value } from '#src/core/search/expression.ts'
import { type Field, fieldType } from '#src/core/search/field.ts'
import { parseSearch } from '#src/core/search/parse-search.ts'
import { printSearch } from '#src/core/search/print-search.ts'
import type { CellValue } from './cell-words.ts'

/** A filter that a value offers: its words and the search it adds. */
export interface OfferedFilter {
  label: string
  test: Expr
}

/** Where nothing was typed. */
const NOWHERE = { from: 0, to: 0 }
const DAY_CHARACTERS = 10

/** What a click on a value offers: only this, without this; of numbers also what is at least and at most as much. */
export function filtersOf(field: Field, value: CellValue): OfferedFilter[] {
  if (value === null || value === '')
    return [
      { label: 'Only runs without a value', test: { kind: 'missing', field, negated: false, ...NOWHERE } },
      { label: 'Without these', test: { kind: 'missing', field, negated: true, ...NOWHERE } },
    ]
  if (typeof value === 'object')
    return value.flatMap((one) => pair(field, { kind: 'text', text: one, ...NOWHERE }, ` ${one}`))
  const asked = askedValue(field, value)
  if (asked === null) return []
  const filters = pair(field, asked, '')
  if (asked.kind === 'text' || asked.kind === 'boolean') return filters
  if (asked.kind === 'day')
    return [
      { label: 'Only this day', test: test(field, '=', asked) },
      { label: 'Without this day', test: test(field, '!=', asked) },
      { label: 'This day or later', test: test(field, '>=', asked) },
      { label: 'This day or earlier', test: test(field, '<=', asked) },
    ]
  return [
    ...filters,
    { label: 'At least this', test: test(field, '>=', rounded(asked, Math.floor)) },
    { label: 'At most this', test: test(field, '<=', rounded(asked, Math.ceil)) },
  ]
}

/** A bound in four significant digits, for a search that can be read; rounded outwards, so that the value itself stays inside. */
function rounded(value: Value, round: (value: number) => number): Value {
  if (value.kind !== 'number' || value.number === 0) return value
  const digits = 3 - Math.floor(Math.log10(Math.abs(value.number)))
  const scale = 10 ** digits
  const near = digits > 20 ? value.number : Number((round(value.number * scale) / scale).toPrecision(4))
  const isOutward = round === Math.floor ? near <= value.number : near >= value.number
  return isOutward ? { ...value, number: near } : value
}

const pair = (field: Field, value: Value, named: string): OfferedFilter[] => [
  { label: named === '' ? 'Only this' : `Only${named}`, test: test(field, '=', value) },
  { label: named === '' ? 'Without this' : `Without${named}`, test: test(field, '!=', value) },
]

const test = (field: Field, op: SearchOperator, value: Value): Expr => ({ kind: 'test', field, op, value, ...NOWHERE })

/** The value as the grammar has it for this field; null where no test can hold it, such as NaN. */
function askedValue(field: Field, value: number | string | boolean): Value | null {
  if (typeof value === 'boolean') return { kind: 'boolean', value, ...NOWHERE }
  const type = fieldType(field)
  if (type === 'moment') {
    const at = new Date(value)
    if (Number.isNaN(at.getTime())) return null
    return { kind: 'day', day: at.toISOString().slice(0, DAY_CHARACTERS), ...NOWHERE }
  }
  if (typeof value === 'string') return type === 'number' ? null : { kind: 'text', text: value, ...NOWHERE }
  if (!Number.isFinite(value)) return null
  return type === 'duration'
    ? { kind: 'duration', seconds: value, ...NOWHERE }
    : { kind: 'number', number: value, ...NOWHERE }
}

/** The test that runs of a group pass: the value of the key that they have in common, or none. */
export function groupTest(field: Field, value: CellValue): Expr | null {
  if (value === null) return { kind: 'missing', field, negated: false, ...NOWHERE }
  if (typeof value === 'object') return null
  const type = fieldType(field)
  const asked =
    type === 'moment' && typeof value === 'number'
      ? ({ kind: 'instant', at: value, lastsMs: 1, ...NOWHERE } as const)
      : askedValue(field, value)
  return asked && test(field, '=', asked)
}

/** A search that also asks for `tests`; those that it asks for already are not said twice. A search with an error gives way to them. */
export function withTests(q: string, tests: readonly Expr[]): string {
  const read = parseSearch(q)
  const present = read.kind === 'ok' && read.expr ? read.expr : null
  const parts = present?.kind === 'and' ? [...present.parts] : present ? [present] : []
  const said = new Set(parts.map(printSearch))
  for (const one of tests) {
    const text = printSearch(one)
    if (!said.has(text)) parts.push(one)
    said.add(text)
  }
  const [only] = parts
  if (!only) return ''
  return printSearch(parts.length === 1 ? only : { kind: 'and', parts, ...NOWHERE })
}

/** Runs with these numbers alone. */
export const numbersTest = (numbers: readonly number[], negated: boolean): Expr => ({
  kind: 'in',
  field: { kind: 'plain', name: 'number' },
  negated,
  values: numbers.map((number) => ({ kind: 'number', number, ...NOWHERE })),
  ...NOWHERE,
})

/** Runs with numbers above `number`, or up to it. */
export const numberAbove = (number: number, isAbove: boolean): Expr =>
  test({ kind: 'plain', name: 'number' }, isAbove ? '>' : '<=', { kind: 'number', number, ...NOWHERE })
