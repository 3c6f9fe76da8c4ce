import type { Expr, Value } from './expression.ts'
import { type Field, fieldText, fieldType, scanField } from './field.ts'
import { SEARCH_RESERVED } from './parse-search.ts'
import { readValue } from './read-value.ts'

/** The search as text. Reading it back gives the same tree; nothing to search for is the empty text. */
export const printSearch = (expr: Expr | null): string => (expr === null ? '' : print(expr))

function print(expr: Expr): string {
  switch (expr.kind) {
    case 'or':
    case 'and':
      return expr.parts.map((part) => wrapped(part, expr.kind)).join(` ${expr.kind} `)
    case 'not':
      return `not ${wrapped(expr.part, 'not')}`
    case 'lineage':
      return `${expr.relation}(${print(expr.part)})`
    case 'test':
      return `${fieldText(expr.field)} ${expr.op} ${valueText(expr.field, expr.op, expr.value)}`
    case 'in': {
      const values = expr.values.map((value) => valueText(expr.field, 'in', value)).join(', ')
      return `${fieldText(expr.field)} ${expr.negated ? 'not ' : ''}in (${values})`
    }
    case 'missing':
      return `${fieldText(expr.field)} is ${expr.negated ? 'not ' : ''}missing`
    case 'word':
      return wordText(expr.text)
  }
}

/** Parts that bind no tighter than what they stand in need parentheses; an `or` in an `or` too, or it would become one list. */
function wrapped(part: Expr, inside: 'or' | 'and' | 'not'): string {
  const loose = part.kind === 'or' || (part.kind === 'and' && inside !== 'or')
  return loose ? `(${print(part)})` : print(part)
}

/** A value as the grammar writes it after `field op`. */
export function valueText(field: Field, op: Parameters<typeof readValue>[1], value: Value): string {
  switch (value.kind) {
    case 'number':
      return String(value.number)
    case 'boolean':
      return String(value.value)
    case 'duration':
      return secondsText(value.seconds)
    case 'ago':
      return `-${secondsText(value.seconds)}`
    case 'today':
      return 'today'
    case 'day':
      return value.day
    case 'instant':
      return instantText(value.at, value.lastsMs)
    case 'text':
      return textValue(field, op, value.text)
  }
}

/** Bare where it reads back as the same text, else in quotes. */
function textValue(field: Field, op: Parameters<typeof readValue>[1], text: string): string {
  if (!/^[^\s()",`=<>~!]+$/.test(text) || SEARCH_RESERVED.has(text.toLowerCase())) return quoted(text)
  const read = fieldType(field) === 'any' ? readValue(field, op, text, false) : null
  return read !== null && (!('kind' in read) || read.kind !== 'text') ? quoted(text) : text
}

/** A lone word, in quotes where it would mean something else. */
function wordText(text: string): string {
  const plain = /^[^\s()",`=<>~!:]+$/.test(text) && !SEARCH_RESERVED.has(text.toLowerCase())
  return plain && !/^(?:ancestor|descendant)$/i.test(text) && scanField(text, 0) === null ? text : quoted(text)
}

/** In double quotes, as the grammar writes text that is no bare word. */
export const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const

function secondsText(seconds: number): string {
  for (const [unit, size] of UNITS)
    if (Number.isSafeInteger(seconds) && seconds >= size && seconds % size === 0) return `${seconds / size}${unit}`
  return `${seconds}s`
}

function instantText(at: number, lastsMs: number): string {
  const text = new Date(at).toISOString()
  if (lastsMs === 60_000) return `${text.slice(0, 16)}Z`
  return lastsMs === 1000 ? `${text.slice(0, 19)}Z` : text
}
