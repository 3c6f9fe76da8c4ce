import {
  type Expr,
  type Place,
  SEARCH_CHARACTERS_MAX,
  SEARCH_DEPTH_MAX,
  SEARCH_LINEAGE_DEPTH_MAX,
  SEARCH_TESTS_MAX,
  type SearchOperator,
  type Value,
} from './expression.ts'
import { type Field, fieldExpected, fieldText, fieldType, scanField } from './field.ts'
import { readPattern } from './pattern.ts'
import { readValue, valueExpected } from './read-value.ts'

export type SearchAnswer =
  /** Null: nothing was asked, so every run matches. */
  | { kind: 'ok'; expr: Expr | null }
  /** The characters from `at` to `to` (excluded) are not what was `expected`, the end of the sentence "Expected …". */
  | { kind: 'error'; at: number; to: number; expected: string }

/** A piece of the text as far as it was understood, for colouring. */
export interface SearchToken extends Place {
  kind: 'field' | 'operator' | 'value' | 'word' | 'keyword' | 'paren'
}

/** What may stand at `at`, for completion; the last ones of a text say what may follow it. */
export type SearchWish =
  | { kind: 'part'; at: number; depth: number }
  | { kind: 'comparison'; at: number; field: Field }
  | { kind: 'value'; at: number; field: Field; op: SearchOperator | 'in' }
  | { kind: 'list'; at: number; opens: boolean }
  | { kind: 'missing'; at: number; negatable: boolean }
  | { kind: 'joint'; at: number; depth: number }

export interface ReadSearch {
  answer: SearchAnswer
  tokens: SearchToken[]
  wishes: SearchWish[]
}

/** Reads a search: `or` < `and` < `not` < `( )`, words without case. Never throws; see docs/search.md for the grammar. */
export const parseSearch = (text: string): SearchAnswer => readSearch(text).answer

/** `parseSearch` with what it saw on the way, in the order of the text. */
export function readSearch(text: string): ReadSearch {
  const tokens: SearchToken[] = []
  const wishes: SearchWish[] = []
  try {
    checkCharacters(text)
    return { answer: { kind: 'ok', expr: new Reader(text, tokens, wishes).whole() }, tokens, wishes }
  } catch (cause) {
    if (!(cause instanceof Unexpected)) throw cause
    const { at, to, expected } = cause
    return { answer: { kind: 'error', at, to, expected }, tokens, wishes }
  }
}

class Unexpected extends Error {
  readonly at: number
  readonly to: number
  readonly expected: string

  constructor(at: number, to: number, expected: string) {
    super(expected)
    this.at = at
    this.to = to
    this.expected = expected
  }
}

function checkCharacters(text: string): void {
  if (text.length > SEARCH_CHARACTERS_MAX)
    throw new Unexpected(SEARCH_CHARACTERS_MAX, text.length, `at most ${SEARCH_CHARACTERS_MAX} characters`)
  const bad = /\0|\p{Cs}/u.exec(text)
  if (bad) throw new Unexpected(bad.index, bad.index + 1, 'characters that text can hold')
}

/** Words that mean something wherever they stand; in quotes they are words like any other. */
export const SEARCH_RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is'])

const OPERATOR = /!=|!~|<=|>=|=|<|>|~|:/y
const BARE_WORD = /[^\s()",`=<>~!:]+/y
const BARE_VALUE = /[^\s()",`=<>~!]+/y
const QUOTED = /"(?:\\[\s\S]|[^"\\])*"/y

class Reader {
  private at = 0
  private tests = 0

  private readonly text: string
  private readonly tokens: SearchToken[]
  private readonly wishes: SearchWish[]

  constructor(text: string, tokens: SearchToken[], wishes: SearchWish[]) {
    this.text = text
    this.tokens = tokens
    this.wishes = wishes
  }

  whole(): Expr | null {
    this.skipBlank()
    if (this.at === this.text.length) {
      this.wishes.push({ kind: 'part', at: this.at, depth: 0 })
      return null
    }
    const expr = this.disjunction(0, 0)
    if (this.at < this.text.length) {
      if (this.text[this.at] === ')') this.fail('no closing parenthesis: none is open')
      this.fail('and, or, or the end')
    }
    return expr
  }

  private disjunction(depth: number, lineage: number): Expr {
    return this.joined('or', depth, () => this.joined('and', depth, () => this.negation(depth, lineage)))
  }

  private joined(word: 'or' | 'and', depth: number, next: () => Expr): Expr {
    const first = next()
    const parts = [first]
    while (true) {
      this.skipBlank()
      if (word === 'and') this.wishes.push({ kind: 'joint', at: this.at, depth })
      if (!this.takeKeyword(word)) break
      parts.push(next())
    }
    const last = parts.at(-1) ?? first
    return parts.length === 1 ? first : { kind: word, parts, from: first.from, to: last.to }
  }

  private negation(depth: number, lineage: number): Expr {
    this.skipBlank()
    const from = this.at
    if (depth > SEARCH_DEPTH_MAX) this.fail(`at most ${SEARCH_DEPTH_MAX} parts inside one another`)
    this.wishes.push({ kind: 'part', at: from, depth })
    if (!this.takeKeyword('not')) return this.part(depth, lineage)
    const part = this.negation(depth + 1, lineage)
    return { kind: 'not', part, from, to: part.to }
  }

  private part(depth: number, lineage: number): Expr {
    const from = this.at
    if (this.text[from] === '(') return this.inParentheses(depth, lineage)
    if (++this.tests > SEARCH_TESTS_MAX) this.fail(`at most ${SEARCH_TESTS_MAX} tests`)
    if (this.text[from] === '"') {
      const text = this.quoted()
      if (text === '') throw new Unexpected(from, this.at, 'something between the quotes')
      this.token('word', from)
      this.refuseComparison(from)
      return { kind: 'word', text, from, to: this.at }
    }
    const field = scanField(this.text, from)
    if (field?.kind === 'wrong') throw new Unexpected(field.at, field.to, field.expected)
    if (field) return this.comparison(field.field, field.to)
    return this.wordOrLineage(depth, lineage)
  }

  private inParentheses(depth: number, lineage: number): Expr {
    const opened = this.at
    this.at++
    this.token('paren', opened)
    const inner = this.disjunction(depth + 1, lineage)
    this.skipBlank()
    if (this.text[this.at] !== ')') this.fail('and, or, or a closing parenthesis')
    this.at++
    this.token('paren', this.at - 1)
    return { ...inner, from: opened, to: this.at }
  }

  private wordOrLineage(depth: number, lineage: number): Expr {
    const from = this.at
    const text = this.take(BARE_WORD)
    if (text === null) this.fail('a word, a field, not, or an opening parenthesis')
    const lower = text.toLowerCase()
    if (SEARCH_RESERVED.has(lower)) {
      this.at = from
      this.fail(`a word or a field before ${lower}; quote "${text}" to search for the word`, text.length)
    }
    if (lower === 'ancestor' || lower === 'descendant') {
      const after = this.at
      this.skipBlank()
      if (this.text[this.at] === '(') {
        this.tokens.push({ kind: 'keyword', from, to: after })
        if (lineage >= SEARCH_LINEAGE_DEPTH_MAX)
          throw new Unexpected(
            from,
            after,
            `at most ${SEARCH_LINEAGE_DEPTH_MAX} of ancestor and descendant inside one another`,
          )
        const part = this.inParentheses(depth, lineage + 1)
        return { kind: 'lineage', relation: lower, part, from, to: this.at }
      }
      this.at = after
    }
    this.token('word', from)
    this.refuseComparison(from)
    return { kind: 'word', text, from, to: from + text.length }
  }

  /** A word that something is compared with was meant as a field, and is none. */
  private refuseComparison(from: number): void {
    const to = this.at
    this.skipBlank()
    const compared = this.looksAt(OPERATOR) || this.looksAt(/(?:not\s+)?in\s*\(|is\s+(?:not\s+)?missing\b/iy)
    this.at = to
    if (!compared) return
    this.tokens.pop()
    throw new Unexpected(from, to, fieldExpected(this.text.slice(from, to)))
  }

  private comparison(field: Field, end: number): Expr {
    const from = this.at
    this.at = end
    this.token('field', from)
    if (field.kind === 'metric' && field.reading === 'checkpoint')
      throw new Unexpected(from, end, 'another reading: the value at a checkpoint is a column and no test')
    this.skipBlank()
    this.wishes.push({ kind: 'comparison', at: this.at, field })
    const opAt = this.at
    const op = this.take(OPERATOR) as SearchOperator | null
    if (op) {
      this.tokens.push({ kind: 'operator', from: opAt, to: this.at })
      this.checkOperator(field, op, opAt)
      const value = this.value(field, op)
      return { kind: 'test', field, op, value, from, to: this.at }
    }
    if (this.takeKeyword('is', 'operator')) return this.missing(field, from)
    const negated = this.takeKeyword('not', 'operator')
    if (this.takeKeyword('in', 'operator')) return this.list(field, negated, from)
    if (negated) this.fail('in after not')
    return this.fail(`a comparison after ${fieldText(field)}: ${comparisonsOf(field)}`)
  }

  private checkOperator(field: Field, op: SearchOperator, at: number): void {
    const type = fieldType(field)
    const forText = op === '~' || op === '!~' || op === ':'
    const forOrder = op.startsWith('<') || op.startsWith('>')
    if ((type === 'text' && forOrder) || (type !== 'text' && type !== 'any' && forText))
      throw new Unexpected(at, at + op.length, `${comparisonsOf(field)}: ${fieldText(field)} ${TYPE_WORDS[type]}`)
  }

  private missing(field: Field, from: number): Expr {
    this.skipBlank()
    this.wishes.push({ kind: 'missing', at: this.at, negatable: true })
    const negated = this.takeKeyword('not', 'operator')
    this.skipBlank()
    if (negated) this.wishes.push({ kind: 'missing', at: this.at, negatable: false })
    if (!this.takeKeyword('missing', 'operator')) this.fail(negated ? 'missing' : 'missing or not missing')
    return { kind: 'missing', field, negated, from, to: this.at }
  }

  private list(field: Field, negated: boolean, from: number): Expr {
    this.skipBlank()
    this.wishes.push({ kind: 'list', at: this.at, opens: true })
    if (this.text[this.at] !== '(') this.fail('an opening parenthesis and values with commas between')
    this.at++
    this.token('paren', this.at - 1)
    const values = [this.value(field, 'in')]
    while (true) {
      this.skipBlank()
      this.wishes.push({ kind: 'list', at: this.at, opens: false })
      const mark = this.text[this.at]
      if (mark !== ',' && mark !== ')') this.fail('a comma or a closing parenthesis')
      this.at++
      this.token('paren', this.at - 1)
      if (mark === ')') return { kind: 'in', field, negated, values, from, to: this.at }
      if (++this.tests > SEARCH_TESTS_MAX) this.fail(`at most ${SEARCH_TESTS_MAX} tests`)
      values.push(this.value(field, 'in'))
    }
  }

  private value(field: Field, op: SearchOperator | 'in'): Value {
    this.skipBlank()
    const from = this.at
    this.wishes.push({ kind: 'value', at: from, field, op })
    const isQuoted = this.text[from] === '"'
    const text = isQuoted ? this.quoted() : this.take(BARE_VALUE)
    if (text === null || (!isQuoted && SEARCH_RESERVED.has(text.toLowerCase()))) {
      this.at = from
      return this.fail(valueExpected(field, op), text?.length ?? 1)
    }
    const value = readValue(field, op, text, isQuoted)
    if ('wrong' in value) throw new Unexpected(from, this.at, value.wrong)
    if ((op === '~' || op === '!~') && value.kind === 'text') {
      const pattern = readPattern(value.text)
      if ('wrong' in pattern) throw new Unexpected(from, this.at, pattern.wrong)
    }
    this.token('value', from)
    return { ...value, from, to: this.at }
  }

  private quoted(): string {
    const from = this.at
    const raw = this.take(QUOTED)
    if (raw === null) throw new Unexpected(from, this.text.length, 'a closing quote (")')
    return raw.slice(1, -1).replaceAll(/\\(["\\])/g, '$1')
  }

  private takeKeyword(word: string, kind: SearchToken['kind'] = 'keyword'): boolean {
    this.skipBlank()
    const from = this.at
    if (this.text.slice(from, from + word.length).toLowerCase() !== word) return false
    const after = this.text[from + word.length]
    if (after !== undefined && !/[\s()",`=<>~!:]/.test(after)) return false
    this.at += word.length
    this.tokens.push({ kind, from, to: this.at })
    return true
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? null
    if (found !== null) this.at += found.length
    return found
  }

  private looksAt(pattern: RegExp): boolean {
    pattern.lastIndex = this.at
    return pattern.test(this.text)
  }

  private skipBlank(): void {
    this.take(/\s+/y)
  }

  private token(kind: SearchToken['kind'], from: number): void {
    this.tokens.push({ kind, from, to: this.at })
  }

  private fail(expected: string, length = 1): never {
    throw new Unexpected(this.at, Math.min(this.at + length, Math.max(this.text.length, this.at)), expected)
  }
}

const TYPE_WORDS = {
  text: 'is text',
  number: 'is a number',
  duration: 'is a duration',
  moment: 'is a date',
  any: 'may hold anything',
} as const

/** The comparisons that the field can take, as a list in words. */
export function comparisonsOf(field: Field): string {
  const type = fieldType(field)
  if (type === 'text') return '=, !=, :, ~, !~, in or is missing'
  if (type === 'any') return '=, !=, <, <=, >, >=, :, ~, !~, in or is missing'
  return '=, !=, <, <=, >, >=, in or is missing'
}
