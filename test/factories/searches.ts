import * as fc from 'fast-check'
import { type Expr, SEARCH_OPERATORS, type SearchOperator, type Value } from '#src/core/search/expression.ts'
import {
  EVAL_READINGS,
  type Field,
  fieldType,
  fieldWords,
  METRIC_READINGS,
  PLAIN_FIELDS,
} from '#src/core/search/field.ts'
import { readPattern } from '#src/core/search/pattern.ts'

/** Few of each, so that random runs and random searches meet. */
export interface SearchVocabulary {
  configKeys: readonly string[]
  metricKeys: readonly string[]
  benchmarks: readonly string[]
  texts: readonly string[]
  numbers: readonly number[]
}

export const SMALL_VOCABULARY: SearchVocabulary = {
  configKeys: ['lr', 'optim.warmup', 'data set', 'seed', 'flag.min'],
  metricKeys: ['loss', 'train/loss', 'acc (top 1)', 'loss.min'],
  benchmarks: ['mmlu', 'gsm8k.delta', 'truthful qa'],
  texts: ['sft', 'SFT replay', 'base', '1', 'true', '2026-11-24', 'a "quoted" \\ one', 'and', '90s', 'ä(b)'],
  numbers: [-1, 0, 0.5, 1, 2, 3e-4, 1e21, 12],
}

const PATTERNS = ['^s', 't$', 's.t', '(sft|base)+', '[A-Z]{2,3}', '\\d', 'x*', '^$', '[^a-z]', '"', 'e?p']

/** Any field of the grammar but `metrics.K.checkpoint`, which is a column only. */
export function fields(vocabulary: SearchVocabulary): fc.Arbitrary<Field> {
  return fc.oneof(
    fc.constantFrom(...PLAIN_FIELDS).map((name): Field => ({ kind: 'plain', name })),
    fc.constantFrom(...vocabulary.configKeys).map((key): Field => ({ kind: 'config', key })),
    fc
      .tuple(fc.constantFrom(...vocabulary.metricKeys), fc.constantFrom(...METRIC_READINGS))
      .map(([key, reading]): Field => ({ kind: 'metric', key, reading })),
    fc
      .tuple(fc.constantFrom(...vocabulary.benchmarks), fc.constantFrom(...EVAL_READINGS))
      .map(([benchmark, reading]): Field => ({ kind: 'eval', benchmark, reading })),
  )
}

/** Any search that the parser can give, its places all 0. `depth` of lists and negations inside one another at most 4. */
export function searches(vocabulary: SearchVocabulary = SMALL_VOCABULARY): fc.Arbitrary<Expr> {
  const leaf = fc.oneof(
    { arbitrary: fields(vocabulary).chain((field) => tests(field, vocabulary)), weight: 6 },
    { arbitrary: lists(vocabulary), weight: 2 },
    {
      arbitrary: fc
        .tuple(fields(vocabulary), fc.boolean())
        .map(([field, negated]): Expr => ({ kind: 'missing', field, negated, ...NOWHERE })),
      weight: 1,
    },
    {
      arbitrary: fc.constantFrom(...vocabulary.texts).map((text): Expr => ({ kind: 'word', text, ...NOWHERE })),
      weight: 1,
    },
  )
  const inside = (part: fc.Arbitrary<Expr>) =>
    fc.oneof(
      fc
        .tuple(fc.constantFrom('or' as const, 'and' as const), fc.array(part, { minLength: 2, maxLength: 3 }))
        .map(([kind, parts]): Expr => ({ kind, parts, ...NOWHERE })),
      part.map((one): Expr => ({ kind: 'not', part: one, ...NOWHERE })),
    )
  const plain = fc.oneof({ arbitrary: leaf, weight: 3 }, { arbitrary: inside(leaf), weight: 2 }, inside(inside(leaf)))
  const lineage = fc
    .tuple(fc.constantFrom('ancestor' as const, 'descendant' as const), plain)
    .map(([relation, part]): Expr => ({ kind: 'lineage', relation, part, ...NOWHERE }))
  const any = fc.oneof({ arbitrary: plain, weight: 4 }, lineage)
  return fc.oneof({ arbitrary: any, weight: 3 }, inside(any))
}

const NOWHERE = { from: 0, to: 0 }

function tests(field: Field, vocabulary: SearchVocabulary): fc.Arbitrary<Expr> {
  const type = fieldType(field)
  const operators = SEARCH_OPERATORS.filter((op) => {
    const forText = op === '~' || op === '!~' || op === ':'
    const forOrder = op.startsWith('<') || op.startsWith('>')
    return type === 'any' || (type === 'text' ? !forOrder : !forText)
  })
  return fc
    .constantFrom(...operators)
    .chain((op) => values(field, op, vocabulary).map((value): Expr => ({ kind: 'test', field, op, value, ...NOWHERE })))
}

const lists = (vocabulary: SearchVocabulary): fc.Arbitrary<Expr> =>
  fields(vocabulary).chain((field) =>
    fc
      .tuple(fc.array(values(field, '=', vocabulary), { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([list, negated]): Expr => ({ kind: 'in', field, negated, values: list, ...NOWHERE })),
  )

function values(field: Field, op: SearchOperator, vocabulary: SearchVocabulary): fc.Arbitrary<Value> {
  const number = fc
    .constantFrom(...vocabulary.numbers)
    .map((one): Value => ({ kind: 'number', number: one, ...NOWHERE }))
  const text = fc
    .constantFrom(...(fieldWords(field) ?? vocabulary.texts))
    .map((one): Value => ({ kind: 'text', text: one, ...NOWHERE }))
  if (op === '~' || op === '!~')
    return fc
      .constantFrom(...PATTERNS)
      .filter((pattern) => !('wrong' in readPattern(pattern)))
      .map((one): Value => ({ kind: 'text', text: one, ...NOWHERE }))
  if (op === ':')
    return fc.constantFrom(...vocabulary.texts).map((one): Value => ({ kind: 'text', text: one, ...NOWHERE }))
  const type = fieldType(field)
  if (type === 'text') return text
  if (type === 'number') return number
  if (type === 'duration')
    return fc
      .constantFrom(0, 1, 90, 3600, 3960.5, 86_400)
      .map((seconds): Value => ({ kind: 'duration', seconds, ...NOWHERE }))
  if (type === 'moment') return moments
  if (op !== '=' && op !== '!=') return number
  return fc.oneof(
    number,
    text,
    fc.boolean().map((value): Value => ({ kind: 'boolean', value, ...NOWHERE })),
  )
}

const moments: fc.Arbitrary<Value> = fc.oneof(
  fc.constant<Value>({ kind: 'today', ...NOWHERE }),
  fc.constantFrom('2026-11-24', '2026-11-29', '2024-02-29').map((day): Value => ({ kind: 'day', day, ...NOWHERE })),
  fc.constantFrom(0, 60, 3600, 86_400, 604_800).map((seconds): Value => ({ kind: 'ago', seconds, ...NOWHERE })),
  fc
    .constantFrom<[string, number]>(
      ['2026-11-24T10:00Z', 60_000],
      ['2026-11-24T10:00:30Z', 1000],
      ['2026-11-24T10:00:30.250Z', 1],
    )
    .map(([at, lastsMs]): Value => ({ kind: 'instant', at: Date.parse(at), lastsMs, ...NOWHERE })),
)

/** The same search with all its places 0, as `searches` gives it. */
export function withoutPlaces(expr: Expr): Expr {
  switch (expr.kind) {
    case 'or':
    case 'and':
      return { ...expr, parts: expr.parts.map(withoutPlaces), ...NOWHERE }
    case 'not':
    case 'lineage':
      return { ...expr, part: withoutPlaces(expr.part), ...NOWHERE }
    case 'test':
      return { ...expr, value: { ...expr.value, ...NOWHERE }, ...NOWHERE }
    case 'in':
      return { ...expr, values: expr.values.map((value) => ({ ...value, ...NOWHERE })), ...NOWHERE }
    default:
      return { ...expr, ...NOWHERE }
  }
}
