import { type Expr, momentSpan, type SearchOperator, type Value } from './expression.ts'
import { type Field, fieldType } from './field.ts'
import { patternTest, readPattern } from './pattern.ts'

export type Scalar = number | string | boolean

/** A run as a search sees it. */
export interface SearchedRun {
  /**
   * What the run has in the field; nothing when it is missing (an unknown cost, a null in the config), several when it has several
   * (tags; the stage's name and kind). Durations in seconds, moments in milliseconds since 1970, as `fieldType` says.
   */
  valuesOf: (field: Field) => readonly Scalar[]
  /** Its name, its note and its tags. */
  words: readonly string[]
  /** Along the weight path, without the run itself. */
  ancestors: () => Iterable<SearchedRun>
  descendants: () => Iterable<SearchedRun>
}

/**
 * True when the run satisfies the search; `now` in milliseconds since 1970. What the database answers must equal this.
 * A test on a missing value is false; `!=`, `!~` and `not in` negate `=`, `~` and `in`, and so are true for it. Of several values
 * one is enough. Nothing is converted: 1 is not "1". Null (nothing asked) is true for every run.
 */
export function matches(expr: Expr | null, run: SearchedRun, now: number): boolean {
  if (expr === null) return true
  switch (expr.kind) {
    case 'or':
      return expr.parts.some((part) => matches(part, run, now))
    case 'and':
      return expr.parts.every((part) => matches(part, run, now))
    case 'not':
      return !matches(expr.part, run, now)
    case 'lineage': {
      for (const other of expr.relation === 'ancestor' ? run.ancestors() : run.descendants())
        if (matches(expr.part, other, now)) return true
      return false
    }
    case 'missing':
      return (run.valuesOf(expr.field).length === 0) !== expr.negated
    case 'in':
      return expr.values.some((value) => holds(expr.field, '=', value, run, now)) !== expr.negated
    case 'test':
      if (expr.op === '!=') return !holds(expr.field, '=', expr.value, run, now)
      if (expr.op === '!~') return !holds(expr.field, '~', expr.value, run, now)
      return holds(expr.field, expr.op, expr.value, run, now)
    case 'word':
      return run.words.some((text) => contains(text, expr.text))
  }
}

/** Whether `text` has `part` somewhere, without case. */
export const contains = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase())

function holds(field: Field, op: SearchOperator, value: Value, run: SearchedRun, now: number): boolean {
  const test = testOf(field, op, value, now)
  return run.valuesOf(field).some(test)
}

function testOf(field: Field, op: SearchOperator, value: Value, now: number): (scalar: Scalar) => boolean {
  if (value.kind === 'text') {
    if (op === '~') {
      const pattern = readPattern(value.text)
      const test = 'wrong' in pattern ? () => false : patternTest(pattern)
      return (scalar) => typeof scalar === 'string' && test(scalar)
    }
    if (op === ':') return (scalar) => typeof scalar === 'string' && contains(scalar, value.text)
    return (scalar) => op === '=' && scalar === value.text
  }
  if (value.kind === 'boolean') return (scalar) => op === '=' && scalar === value.value
  const [from, to] = boundsOf(field, value, now)
  return (scalar) => typeof scalar === 'number' && within(scalar, op, from, to)
}

/** A number stands for itself; a moment for all of its day, minute, second or millisecond. */
function boundsOf(field: Field, value: Value, now: number): [number, number | null] {
  if (value.kind === 'number') return [value.number, null]
  if (value.kind === 'duration') return [value.seconds, null]
  const span = fieldType(field) === 'moment' ? momentSpan(value, now) : null
  return span ? [span.from, span.to] : [Number.NaN, null]
}

function within(number: number, op: SearchOperator, from: number, to: number | null): boolean {
  switch (op) {
    case '=':
      return to === null ? number === from : number >= from && number < to
    case '<':
      return number < from
    case '<=':
      return to === null ? number <= from : number < to
    case '>':
      return to === null ? number > from : number >= to
    case '>=':
      return number >= from
    default:
      return false
  }
}
