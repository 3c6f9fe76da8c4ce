import type { Completion } from '#src/core/search/complete-at.ts'
import type { SearchOperator } from '#src/core/search/expression.ts'
import { type Field, fieldText, fieldType, PLAIN_FIELDS } from '#src/core/search/field.ts'
import { valueText } from '#src/core/search/print-search.ts'

/** A field that some run of the project has, as the catalogue tells it. */
export interface CatalogueEntry {
  /** As the grammar writes it. */
  field: string
  kind: string
  runs: number
  /** Smallest and largest, of numbers. */
  range: readonly [number, number] | null
  /** The most common ones, of texts. */
  values: readonly string[]
  /** How the values spread over the range, or over the most common texts: at most 16 counts. */
  bars: readonly number[]
}

export interface KnownValue {
  value: number | string | boolean
  runs: number
}

/** One line of the list under the search field. */
export interface Suggestion {
  /** What is written in place of what was typed; a blank follows unless it opens a parenthesis. */
  insert: string
  /** What kind of thing it is, in a word or two. */
  kind: string
  entry: CatalogueEntry | null
  /** How many runs have it; null where nobody counted. */
  runs: number | null
}

const LINES_MAX = 8

const WORDS: Readonly<Record<string, string>> = {
  '=': 'is',
  '!=': 'is not, or missing',
  '<': 'less than',
  '<=': 'at most',
  '>': 'more than',
  '>=': 'at least',
  '~': 'matches a regular expression',
  '!~': 'matches none, or missing',
  ':': 'contains, in any case',
  in: 'one of a list',
  'not in': 'none of a list, or missing',
  'is missing': 'has no value',
  'is not missing': 'has a value',
  and: 'both',
  or: 'one of both',
  not: 'the opposite',
  '(': 'a group',
  ')': 'closes the group',
  ',': 'one more',
  'ancestor(': 'a run above, along the weights',
  'descendant(': 'a run below, along the weights',
  missing: 'has no value',
  'not missing': 'has a value',
  today: 'in UTC',
}

/** What the list offers for what is typed: the catalogue's answer in its order, then words of the grammar. At most eight lines. */
export function suggestionsFor(
  completion: Completion,
  entries: readonly CatalogueEntry[],
  values: readonly KnownValue[],
): Suggestion[] {
  const typed = completion.typed.toLowerCase()
  if (completion.want === 'value') return valueSuggestions(completion.field, completion, values)
  if (completion.want !== 'part')
    return completion.options.filter((word) => word.startsWith(typed)).map((word) => grammarWord(word))
  const known = new Set(entries.map(({ field }) => field))
  const plain = PLAIN_FIELDS.filter((name) => name.startsWith(typed) && !known.has(name))
  const begin = completion.options.filter((word) => word.startsWith(typed))
  return [
    ...entries.map((entry) => ({ insert: entry.field, kind: entry.kind, entry, runs: entry.runs })),
    ...(typed === '' && entries.length > 0 ? [] : plain).map((name) => fieldSuggestion(name)),
    ...begin.map((word) => grammarWord(word)),
  ].slice(0, LINES_MAX)
}

const grammarWord = (word: string): Suggestion => ({ insert: word, kind: WORDS[word] ?? '', entry: null, runs: null })

const fieldSuggestion = (name: (typeof PLAIN_FIELDS)[number]): Suggestion => {
  const type = fieldType({ kind: 'plain', name })
  return { insert: name, kind: type === 'moment' ? 'date' : type, entry: null, runs: null }
}

function valueSuggestions(
  field: Field,
  { op, typed, options }: { op: SearchOperator | 'in'; typed: string; options: readonly string[] | null },
  values: readonly KnownValue[],
): Suggestion[] {
  if (op === '~' || op === '!~') return []
  const found = values.map(({ value, runs }) => ({ insert: written(field, op, value), kind: '', entry: null, runs }))
  const known = new Set(found.map(({ insert }) => insert))
  const fixed = (options ?? []).filter((word) => word.includes(typed.toLowerCase()) && !known.has(word))
  return [...found, ...fixed.map((word) => ({ insert: word, kind: WORDS[word] ?? '', entry: null, runs: null }))].slice(
    0,
    LINES_MAX,
  )
}

function written(field: Field, op: SearchOperator | 'in', value: number | string | boolean): string {
  const place = { from: 0, to: 0 }
  if (typeof value === 'number') return valueText(field, op, { kind: 'number', number: value, ...place })
  if (typeof value === 'boolean') return valueText(field, op, { kind: 'boolean', value, ...place })
  return valueText(field, op, { kind: 'text', text: value, ...place })
}

/** The text with the suggestion in its place, and where the caret stands then. */
export function withSuggestion(
  text: string,
  { from, to }: { from: number; to: number },
  insert: string,
): { text: string; caret: number } {
  const before = text.slice(0, from)
  const after = text.slice(to)
  const gap = before === '' || /[\s(]$/.test(before) || insert === ',' || insert === ')' ? '' : ' '
  const tail = insert.endsWith('(') || /^[\s)]/.test(after) ? '' : ' '
  const head = `${before}${gap}${insert}${tail}`
  return { text: head + after, caret: head.length + (tail === '' && /^\s/.test(after) ? 1 : 0) }
}

/** What completion asks the server for; null where the grammar alone knows. */
export function catalogueQuestion(
  completion: Completion | null,
): { keys: string } | { field: string; values: string } | null {
  if (completion?.want === 'part') return { keys: completion.typed }
  if (completion?.want !== 'value' || completion.op === '~' || completion.op === '!~') return null
  const type = fieldType(completion.field)
  if (type !== 'text' && type !== 'any') return null
  return { field: fieldText(completion.field), values: completion.typed }
}
