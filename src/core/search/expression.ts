import type { Field } from './field.ts'

/** Where a part stands in the text it was read from: UTF-16 offsets, `to` excluded. */
export interface Place {
  from: number
  to: number
}

export const SEARCH_OPERATORS = ['=', '!=', '<', '<=', '>', '>=', '~', '!~', ':'] as const
/** `:` is contains without case, `~` a regular expression with it (see pattern.ts); `!=` and `!~` negate `=` and `~`. */
export type SearchOperator = (typeof SEARCH_OPERATORS)[number]

/**
 * What a test compares with. The parser gives each field only kinds it can hold: numbers take `number`; `duration` takes `duration`;
 * `created` takes `instant`, `day`, `today`, `ago`; text fields take `text`; `config.K` takes `number`, `boolean` and `text`.
 */
export type Value =
  | ({ kind: 'number'; number: number } & Place)
  | ({ kind: 'boolean'; value: boolean } & Place)
  | ({ kind: 'text'; text: string } & Place)
  /** Not negative. */
  | ({ kind: 'duration'; seconds: number } & Place)
  /** Milliseconds since 1970, and how long the instant lasts as it was written: a minute, a second or a millisecond. */
  | ({ kind: 'instant'; at: number; lastsMs: number } & Place)
  /** A day in UTC, `2026-11-24`. */
  | ({ kind: 'day'; day: string } & Place)
  | ({ kind: 'today' } & Place)
  /** So long before now: `-7d`. */
  | ({ kind: 'ago'; seconds: number } & Place)

/** A search as a tree. `or` and `and` have two parts or more. `!=`, `!~` and `not in` are true where the field is missing. */
export type Expr =
  | ({ kind: 'or' | 'and'; parts: Expr[] } & Place)
  | ({ kind: 'not'; part: Expr } & Place)
  /** Some run above (or below) on the weight path satisfies `part`; the run itself does not count. */
  | ({ kind: 'lineage'; relation: 'ancestor' | 'descendant'; part: Expr } & Place)
  | ({ kind: 'test'; field: Field; op: SearchOperator; value: Value } & Place)
  | ({ kind: 'in'; field: Field; negated: boolean; values: Value[] } & Place)
  | ({ kind: 'missing'; field: Field; negated: boolean } & Place)
  /** Contained, without case, in the run's name, its note or one of its tags. */
  | ({ kind: 'word'; text: string } & Place)

/** What a text may hold at most; a search over it is refused, and the error names the limit. */
export const SEARCH_CHARACTERS_MAX = 4000
export const SEARCH_TESTS_MAX = 200
export const SEARCH_DEPTH_MAX = 32
/** `ancestor` and `descendant` inside one another. */
export const SEARCH_LINEAGE_DEPTH_MAX = 3

/** The moments that a value means: from `from` up to but without `to`, milliseconds since 1970. `now` alike. */
export function momentSpan(value: Value, now: number): { from: number; to: number } | null {
  switch (value.kind) {
    case 'instant':
      return { from: value.at, to: value.at + value.lastsMs }
    case 'day': {
      const from = Date.parse(`${value.day}T00:00Z`)
      return { from, to: from + DAY_MS }
    }
    case 'today': {
      const from = Math.floor(now / DAY_MS) * DAY_MS
      return { from, to: from + DAY_MS }
    }
    case 'ago': {
      const from = Math.round(now - value.seconds * 1000)
      return { from, to: from + 1 }
    }
    default:
      return null
  }
}

const DAY_MS = 86_400_000
