import { SEARCH_OPERATORS, type SearchOperator } from './expression.ts'
import { type Field, fieldType, fieldWords } from './field.ts'
import { readSearch, type SearchWish } from './parse-search.ts'

/** What may stand at the caret. `from` to `to` is the text that a choice replaces, `typed` what of it stands before the caret. */
export type Completion = { from: number; to: number; typed: string } & (
  | {
      /** A field or a lone word; `typed` is without back-ticks. `options` are the other ways to begin. */
      want: 'part'
      options: readonly string[]
    }
  | { want: 'comparison'; field: Field; options: readonly string[] }
  | {
      /** `typed` is without quotes. `options` are all that the field can hold; null when it may hold any. */
      want: 'value'
      field: Field
      op: SearchOperator | 'in'
      options: readonly string[] | null
    }
  | { want: 'word'; options: readonly string[] }
)

const BEGINNINGS = ['not', '(', 'ancestor(', 'descendant(']
const MOMENTS = ['today', '-1d', '-7d', '-30d']
const DURATIONS = ['90s', '15m', '2h', '3d']

/** What may stand where the caret is, from the text before it; null where the text is wrong further to the left. */
export function completeAt(text: string, caret: number): Completion | null {
  const before = text.slice(0, caret)
  const { answer, tokens, wishes } = readSearch(before)
  const touched = tokens.at(-1)
  const isTouching =
    touched?.to === caret && (touched.kind === 'field' || touched.kind === 'word' || touched.kind === 'value')
  const wish = isTouching ? wishes.findLast(({ at }) => at === touched.from) : wishes.at(-1)
  if (!wish) return null
  // An error between the last wish and the caret is what is being typed, unless something follows it.
  const raw = before.slice(wish.at)
  if (answer.kind === 'error' && !isTouching && /\s/.test(raw) && !isOpen(raw)) return null
  return { ...wanted(wish), from: wish.at, to: caret + restOf(text, caret, wish), typed: plain(raw, wish) }
}

/** In quotes or back-ticks that are not closed yet, blanks are part of what is typed. */
const isOpen = (raw: string): boolean => /^"(?:\\[\s\S]|[^"\\])*$/.test(raw) || /^\w+\.`(?:\\[\s\S]|[^`\\])*$/.test(raw)

function restOf(text: string, caret: number, wish: SearchWish): number {
  const pattern =
    wish.kind === 'value' ? /[^\s()",`=<>~!]*"?/y : wish.kind === 'comparison' ? /[=<>~!:]*/y : /[^\s()",=<>~!:]*/y
  pattern.lastIndex = caret
  return pattern.exec(text)?.[0].length ?? 0
}

function plain(raw: string, wish: SearchWish): string {
  if (wish.kind === 'value')
    return raw
      .replace(/^"/, '')
      .replace(/"$/, '')
      .replaceAll(/\\(["\\])/g, '$1')
  return wish.kind === 'part' ? raw.replaceAll('`', '') : raw
}

type Wanted = Completion extends infer C ? (C extends Completion ? Omit<C, 'from' | 'to' | 'typed'> : never) : never

function wanted(wish: SearchWish): Wanted {
  switch (wish.kind) {
    case 'part':
      return { want: 'part', options: BEGINNINGS }
    case 'comparison':
      return { want: 'comparison', field: wish.field, options: comparisonOptions(wish.field) }
    case 'value':
      return { want: 'value', field: wish.field, op: wish.op, options: valueOptions(wish.field) }
    case 'list':
      return { want: 'word', options: wish.opens ? ['('] : [',', ')'] }
    case 'missing':
      return { want: 'word', options: wish.negatable ? ['missing', 'not missing'] : ['missing'] }
    case 'joint':
      return { want: 'word', options: wish.depth > 0 ? ['and', 'or', ')'] : ['and', 'or'] }
  }
}

function valueOptions(field: Field): readonly string[] | null {
  const type = fieldType(field)
  if (type === 'moment') return MOMENTS
  return type === 'duration' ? DURATIONS : fieldWords(field)
}

const WORDS = ['in', 'not in', 'is missing', 'is not missing']
const TEXTUAL = new Set<SearchOperator>(['~', '!~', ':'])

/** The comparisons that the field can take, each as it is written. */
export function comparisonOptions(field: Field): readonly string[] {
  const type = fieldType(field)
  if (type === 'text') return ['=', '!=', ':', '~', '!~', ...WORDS]
  if (type === 'any') return [...SEARCH_OPERATORS, ...WORDS]
  return [...SEARCH_OPERATORS.filter((op) => !TEXTUAL.has(op)), ...WORDS]
}
