import { CELL_STATES } from '../forgetting/cell-states.ts'
import { RUN_STATES } from '../runs/states.ts'
import { nearest } from './nearest.ts'

/** Fields that every run has, in the order in which they are offered. */
export const PLAIN_FIELDS = [
  'name',
  'number',
  'state',
  'stage',
  'tag',
  'group',
  'agent',
  'owner',
  'created',
  'duration',
  'tokens',
  'cost',
] as const
export type PlainField = (typeof PLAIN_FIELDS)[number]

/** What of a metric's points a search compares; without a suffix it is the last. */
export const METRIC_READINGS = ['last', 'best', 'min', 'max', 'first', 'count'] as const
/** `checkpoint` is the value at the run's last checkpoint: a column, not a test. */
export type MetricReading = (typeof METRIC_READINGS)[number] | 'checkpoint'

/** What of an evaluation a search compares; without a suffix it is the score. */
export const EVAL_READINGS = ['score', 'delta', 'state'] as const
export type EvalReading = (typeof EVAL_READINGS)[number]

/**
 * Something that a run has a value of: a column, a sort key, a group key and the left side of a test are all one of these.
 * Keys are as they were logged, without back-ticks; keys of a nested config are joined by dots.
 */
export type Field =
  | { kind: 'plain'; name: PlainField }
  | { kind: 'config'; key: string }
  | { kind: 'metric'; key: string; reading: MetricReading }
  | { kind: 'eval'; benchmark: string; reading: EvalReading }

/** What the values of a field are; `any` is a number, a text or true/false, as the config holds it. */
export type FieldType = 'text' | 'number' | 'duration' | 'moment' | 'any'

const TYPES: Readonly<Record<PlainField, FieldType>> = {
  name: 'text',
  number: 'number',
  state: 'text',
  stage: 'text',
  tag: 'text',
  group: 'text',
  agent: 'text',
  owner: 'text',
  created: 'moment',
  duration: 'duration',
  tokens: 'number',
  cost: 'number',
}

/** The type of the field's values. Durations are seconds, moments milliseconds since 1970, cost is in the workspace's currency. */
export function fieldType(field: Field): FieldType {
  if (field.kind === 'plain') return TYPES[field.name]
  if (field.kind === 'config') return 'any'
  return field.kind === 'eval' && field.reading === 'state' ? 'text' : 'number'
}

/** The only texts that the field can hold; null when it may hold any. */
export function fieldWords(field: Field): readonly string[] | null {
  if (field.kind === 'plain' && field.name === 'state') return RUN_STATES
  return field.kind === 'eval' && field.reading === 'state' ? CELL_STATES : null
}

const BARE_KEY = /^[A-Za-z0-9_/.-]+$/
const METRIC_SUFFIX = new RegExp(`^(.+)\\.(${[...METRIC_READINGS, 'checkpoint'].join('|')})$`, 's')
const EVAL_SUFFIX = new RegExp(`^(.+)\\.(${EVAL_READINGS.join('|')})$`, 's')

/** The field as the grammar writes it; the reading that goes without saying is left out. `parseField` reads it back. */
export function fieldText(field: Field): string {
  switch (field.kind) {
    case 'plain':
      return field.name
    case 'config':
      return `config.${keyText(field.key, null)}`
    case 'metric':
      return `metrics.${keyText(field.key, METRIC_SUFFIX)}${field.reading === 'last' ? '' : `.${field.reading}`}`
    case 'eval':
      return `eval.${keyText(field.benchmark, EVAL_SUFFIX)}${field.reading === 'score' ? '' : `.${field.reading}`}`
  }
}

/** True when both name the same values. */
export const sameField = (a: Field, b: Field): boolean => fieldText(a) === fieldText(b)

const keyText = (key: string, suffix: RegExp | null): string =>
  BARE_KEY.test(key) && !suffix?.test(key) ? key : `\`${key.replaceAll(/[\\`]/g, '\\$&')}\``

/**
 * Reads a field that stands alone, as columns, sort and group keys do (there `metrics.K.checkpoint` is one too).
 * `wrong` says what was expected instead, as the end of the sentence "Expected …".
 */
export function parseField(text: string): Field | { wrong: string } {
  const found = scanField(text, 0)
  if (found === null) return { wrong: fieldExpected(text) }
  if (found.kind === 'wrong') return { wrong: found.expected }
  if (found.to < text.length) return { wrong: `the end after ${text.slice(0, found.to)}` }
  return found.field
}

/** The sentence end for something that is no field: the list, or the field that is closest to it. */
export function fieldExpected(given: string): string {
  const close = nearest(given, PLAIN_FIELDS)
  const prefixed = /^(confi?g?|metrics?|evals?)\b/i.test(given)
  if (close) return `a field: did you mean ${close}?`
  if (prefixed) return 'a field: config.KEY, metrics.KEY or eval.BENCHMARK'
  return `a field: ${PLAIN_FIELDS.join(', ')}, config.KEY, metrics.KEY or eval.BENCHMARK`
}

export type FieldScan =
  | { kind: 'field'; field: Field; to: number }
  | { kind: 'wrong'; at: number; to: number; expected: string }

/** Reads the field that begins at `from`; null when none begins there. Offsets count UTF-16 units. */
export function scanField(text: string, from: number): FieldScan | null {
  const prefix = sticky(/(config|metrics|eval)\./iy, text, from)
  if (prefix) return scanKeyed(text, from + prefix.length, prefix.slice(0, -1).toLowerCase() as Prefix)
  const word = sticky(/[A-Za-z0-9_/.-]+/y, text, from)
  const name = PLAIN_FIELDS.find((one) => one === word?.toLowerCase())
  return name && word ? { kind: 'field', field: { kind: 'plain', name }, to: from + word.length } : null
}

type Prefix = 'config' | 'metrics' | 'eval'

const READINGS: Readonly<Record<Prefix, readonly string[]>> = {
  config: [],
  metrics: [...METRIC_READINGS, 'checkpoint'],
  eval: EVAL_READINGS,
}

function scanKeyed(text: string, at: number, prefix: Prefix): FieldScan {
  const suffix = prefix === 'config' ? null : prefix === 'metrics' ? METRIC_SUFFIX : EVAL_SUFFIX
  if (text[at] !== '`') {
    const bare = sticky(/[A-Za-z0-9_/.-]+/y, text, at)
    if (bare === null) return { kind: 'wrong', at, to: at + 1, expected: `a key after ${prefix}.` }
    const to = at + bare.length
    if (to < text.length && !/[\s()",=<>~!:]/.test(text[to] ?? ''))
      return {
        kind: 'wrong',
        at: to,
        to: to + 1,
        expected: `back-ticks around a key with such characters: ${prefix}.\`…\``,
      }
    const [, key = bare, reading] = suffix?.exec(bare) ?? []
    return { kind: 'field', field: fieldOf(prefix, key, reading), to }
  }
  const quoted = sticky(/`(?:\\[\s\S]|[^`\\])*`/y, text, at)
  if (quoted === null) return { kind: 'wrong', at, to: text.length, expected: 'a closing back-tick (`) after the key' }
  const key = quoted.slice(1, -1).replaceAll(/\\([\s\S])/g, '$1')
  if (key === '') return { kind: 'wrong', at, to: at + 2, expected: 'a key between the back-ticks' }
  const to = at + quoted.length
  const tail = sticky(/\.[A-Za-z0-9_/.-]*/y, text, to)
  if (tail === null) return { kind: 'field', field: fieldOf(prefix, key, undefined), to }
  if (!READINGS[prefix].includes(tail.slice(1)))
    return {
      kind: 'wrong',
      at: to,
      to: to + tail.length,
      expected: prefix === 'config' ? 'nothing after the closing back-tick' : `one of .${READINGS[prefix].join(', .')}`,
    }
  return { kind: 'field', field: fieldOf(prefix, key, tail.slice(1)), to: to + tail.length }
}

/** `reading` is one of the prefix's own: both callers have matched it against that list. */
function fieldOf(prefix: Prefix, key: string, reading: string | undefined): Field {
  if (prefix === 'config') return { kind: 'config', key }
  if (prefix === 'metrics') return { kind: 'metric', key, reading: (reading ?? 'last') as MetricReading }
  return { kind: 'eval', benchmark: key, reading: (reading ?? 'score') as EvalReading }
}

function sticky(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}
