import type { BenchmarkKind } from './benchmarks.ts'
import { isPerByte } from './loss-units.ts'

/**
 * How a benchmark was measured. Hard fields decide comparability: a delta is shown only when all of them match.
 * Absent and null mean the same: not part of this protocol.
 */
export interface ProtocolFields {
  task: string
  task_version?: string
  dataset?: string
  dataset_revision?: string
  split?: string
  shots?: number
  prompt_template?: string
  chat_template?: string
  apply_chat_template?: boolean
  extraction?: string
  metric?: string
  normalizer?: string
  decoding?: string
  max_length?: number
  harness?: string
  harness_version?: string
  judge?: string
  judge_prompt?: string
  /** Only for metrics that count per token. */
  tokenizer?: string
}

/** Fields that warn but do not block a comparison. */
export interface SoftFields {
  dtype?: string
  quantization?: string
  engine?: string
  batch_size?: number
  /** Of a metric that does not count per token. */
  tokenizer?: string
}

export const HARD_FIELDS = [
  'task',
  'task_version',
  'dataset',
  'dataset_revision',
  'split',
  'shots',
  'prompt_template',
  'chat_template',
  'apply_chat_template',
  'extraction',
  'metric',
  'normalizer',
  'decoding',
  'max_length',
  'harness',
  'harness_version',
  'judge',
  'judge_prompt',
  'tokenizer',
] as const satisfies readonly (keyof ProtocolFields)[]

/** Soft fields that may shift a number; a tokenizer that is soft does not. */
export const WARNING_FIELDS = [
  'dtype',
  'quantization',
  'engine',
  'batch_size',
] as const satisfies readonly (keyof SoftFields)[]

/** The text whose SHA-256 is the fingerprint: the hard fields that are set, in a fixed order, as JSON. */
export const fingerprintText = (fields: ProtocolFields): string =>
  JSON.stringify(
    HARD_FIELDS.flatMap((name) => (fields[name] === undefined || fields[name] === null ? [] : [[name, fields[name]]])),
  )

/** True for a metric whose numbers depend on how text is cut into tokens: perplexity, and losses in nats per token. */
export const isPerToken = (metric: string, kind: BenchmarkKind): boolean =>
  (kind === 'loss' || /perplexity|ppl/i.test(metric)) && !isPerByte(metric) && !/word/i.test(metric)

/** True where a protocol's own words say that scores are normalised by tokens, such as "log-likelihood per token". */
export const normalisesByTokens = ({ normalizer, extraction }: StatedProtocol): boolean =>
  /token/i.test(normalizer ?? '') || /per token/i.test(extraction ?? '')

/** What a client says of how it measured: hard and soft fields in one. */
export type StatedProtocol = {
  [Field in keyof (ProtocolFields & SoftFields)]?: (ProtocolFields & SoftFields)[Field] | null | undefined
}

/**
 * A stated protocol as it is kept: hard fields, which make the fingerprint, and soft ones. The metric always belongs to the hard ones,
 * the tokenizer only where the metric counts per token or the answers are normalised by tokens.
 */
export function splitProtocol(
  stated: StatedProtocol & { task: string },
  of: { metric: string; kind: BenchmarkKind },
): { hard: ProtocolFields; soft: SoftFields } {
  const hard: Record<string, unknown> = {}
  const soft: Record<string, unknown> = {}
  const perToken = isPerToken(of.metric, of.kind) || normalisesByTokens(stated)
  for (const [name, value] of Object.entries({ ...stated, metric: of.metric })) {
    if (value === undefined || value === null) continue
    const isHard = (HARD_FIELDS as readonly string[]).includes(name) && (name !== 'tokenizer' || perToken)
    ;(isHard ? hard : soft)[name] = value
  }
  return { hard: hard as unknown as ProtocolFields, soft: soft as SoftFields }
}

/** Two things that a protocol says and that cannot both be true: the field and a sentence; null when there are none. */
export function protocolConflict(
  stated: StatedProtocol,
  metric: string,
): { field: keyof ProtocolFields; message: string } | null {
  if (stated.metric && stated.metric !== metric)
    return {
      field: 'metric',
      message: `The protocol says the metric ${stated.metric}, the evaluation says ${metric}. One of the two is wrong.`,
    }
  if (stated.chat_template && stated.apply_chat_template === false)
    return {
      field: 'apply_chat_template',
      message:
        'The protocol names a chat template and says that none was applied. Leave the template out, or say that it was applied.',
    }
  if (stated.judge_prompt && !stated.judge)
    return { field: 'judge', message: 'The protocol has the prompt of a judge and no judge. Name the judging model.' }
  if (stated.harness_version && !stated.harness)
    return {
      field: 'harness',
      message: `The protocol has the harness version ${stated.harness_version} and no harness. Name the harness.`,
    }
  return null
}
