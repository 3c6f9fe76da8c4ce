import type { Place, SearchOperator, Value } from './expression.ts'
import { type Field, fieldText, fieldType, fieldWords } from './field.ts'
import { nearest } from './nearest.ts'

/** Without the place, which the reader of the text adds. */
type Bare<V> = V extends Place ? Omit<V, 'from' | 'to'> : never
export type BareValue = Bare<Value>

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const DURATION = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)([smhd])$/i
const AGO = /^-(\d+(?:\.\d+)?(?:e[+-]?\d+)?)([smhd])$/i
const DAY = /^\d{4}-\d\d-\d\d$/
const INSTANT = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d)(\.\d{1,3})?)?Z$/i
const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const
/** A hundred years: moments stay within what dates can hold. */
const AGO_SECONDS_MAX = 36_500 * 86_400

/**
 * The value that `text` means to `field`: a bare 1 is a number to a number and to the config, and the text "1" to a name; in quotes
 * it is always text. Nothing is converted afterwards. `wrong` is the end of the sentence "Expected …".
 */
export function readValue(
  field: Field,
  op: SearchOperator | 'in',
  text: string,
  quoted: boolean,
): BareValue | { wrong: string } {
  const wrong = { wrong: valueExpected(field, op) }
  const type = fieldType(field)
  if (type === 'text' || op === ':' || op === '~' || op === '!~') return readText(field, op, text)
  if (type === 'any' && (op === '=' || op === '!=' || op === 'in'))
    return quoted ? { kind: 'text', text } : readAny(text)
  if (quoted) return wrong
  if (type === 'duration') return readDuration(text) ?? wrong
  if (type === 'moment') return readMoment(text) ?? wrong
  return readNumber(text) ?? wrong
}

/** What may stand as the value of such a test, as the end of the sentence "Expected …". */
export function valueExpected(field: Field, op: SearchOperator | 'in'): string {
  if (op === '~' || op === '!~') return 'a regular expression'
  if (op === ':') return 'text to look for'
  const type = fieldType(field)
  if (type === 'number') return `a number, since ${fieldText(field)} is one`
  if (type === 'duration') return 'a duration such as 90s, 15m, 2h or 3d'
  if (type === 'moment') return 'a date such as 2026-11-24, 2026-11-24T10:00Z, today or -7d'
  if (type === 'any') return op === '=' || op === '!=' || op === 'in' ? 'a value' : `a number after ${op}`
  const words = fieldWords(field)
  return words ? `one of ${words.join(', ')}` : 'a value'
}

function readText(field: Field, op: SearchOperator | 'in', text: string): BareValue | { wrong: string } {
  const words = fieldWords(field)
  if (words && (op === '=' || op === '!=' || op === 'in') && !words.includes(text)) {
    const close = nearest(text, words)
    return { wrong: `${valueExpected(field, op)}${close ? `; did you mean ${close}?` : ''}` }
  }
  return { kind: 'text', text }
}

function readAny(text: string): BareValue {
  const lower = text.toLowerCase()
  if (lower === 'true' || lower === 'false') return { kind: 'boolean', value: lower === 'true' }
  return readNumber(text) ?? { kind: 'text', text }
}

function readNumber(text: string): BareValue | null {
  const number = NUMBER.test(text) ? Number(text) : Number.NaN
  // Plus zero makes -0 a plain one: they are equal, and it is printed as 0.
  return Number.isFinite(number) ? { kind: 'number', number: number + 0 } : null
}

function readDuration(text: string): BareValue | null {
  const seconds = secondsOf(DURATION.exec(text))
  return seconds === null ? null : { kind: 'duration', seconds }
}

function readMoment(text: string): BareValue | null {
  if (text.toLowerCase() === 'today') return { kind: 'today' }
  if (DAY.test(text)) return isDay(text) ? { kind: 'day', day: text } : null
  const ago = secondsOf(AGO.exec(text))
  if (ago !== null) return ago <= AGO_SECONDS_MAX ? { kind: 'ago', seconds: ago } : null
  const parts = INSTANT.exec(text)
  if (!parts || !isDay(parts[1] ?? '')) return null
  const at = Date.parse(text.toUpperCase())
  return Number.isNaN(at) ? null : { kind: 'instant', at, lastsMs: parts[4] ? 1 : parts[3] ? 1000 : 60_000 }
}

function secondsOf(parts: RegExpExecArray | null): number | null {
  const seconds = parts
    ? Number(parts[1]) * SECONDS[(parts[2] ?? 's').toLowerCase() as keyof typeof SECONDS]
    : Number.NaN
  return Number.isFinite(seconds) ? seconds : null
}

/** Dates that no calendar has, such as 2026-02-30, are refused: they would silently mean another day. */
function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
