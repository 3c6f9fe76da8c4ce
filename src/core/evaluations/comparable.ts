import type { BenchmarkKind } from './benchmarks.ts'
import {
  HARD_FIELDS,
  isPerToken,
  normalisesByTokens,
  type ProtocolFields,
  type SoftFields,
  WARNING_FIELDS,
} from './protocol.ts'

export type HardField = (typeof HARD_FIELDS)[number]

/** Fields of the prompt: a variant such as "best prompt" has its own, and that is what it is measured for. */
export const PROMPT_FIELDS: readonly HardField[] = ['prompt_template', 'chat_template', 'apply_chat_template', 'shots']

/** What a comparison of two protocols must know. */
export interface ComparedAs {
  metric: string
  kind: BenchmarkKind
  /** One side is a variant with a prompt of its own. */
  ownPrompt?: boolean
}

/**
 * The hard fields in which two protocols differ, in their fixed order; empty: comparable. A tokenizer counts only for a metric per
 * token or answers normalised by tokens, and there one that is not known on either side counts as another.
 */
export function differingFields(a: ProtocolFields, b: ProtocolFields, as?: ComparedAs): HardField[] {
  const perToken = as === undefined || countsTokens(a, b, as)
  return HARD_FIELDS.filter((name) => {
    if (as?.ownPrompt && PROMPT_FIELDS.includes(name)) return false
    if (name === 'tokenizer' && !perToken) return false
    const [left, right] = [a[name] ?? null, b[name] ?? null]
    return left !== right || (name === 'tokenizer' && as !== undefined && left === null)
  })
}

/** The soft fields that are known of both measurements and differ: they do not block a comparison, but may explain a change. */
export const differingSoftFields = (a: SoftFields, b: SoftFields): (typeof WARNING_FIELDS)[number][] =>
  WARNING_FIELDS.filter((name) => (a[name] ?? null) !== null && (b[name] ?? null) !== null && a[name] !== b[name])

const countsTokens = (a: ProtocolFields, b: ProtocolFields, as: ComparedAs): boolean =>
  isPerToken(as.metric, as.kind) || normalisesByTokens(a) || normalisesByTokens(b)

/** Whether the tokenizer of a metric per token is unknown on a side: then equal fingerprints do not show that numbers compare. */
export const tokenizerUnknown = (a: ProtocolFields, b: ProtocolFields, as: ComparedAs): boolean =>
  (!a.tokenizer || !b.tokenizer) && countsTokens(a, b, as)
