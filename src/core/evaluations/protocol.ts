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
  tokenizer?: string
}

/** Fields that warn but do not block a comparison. */
export interface SoftFields {
  dtype?: string
  quantization?: string
  engine?: string
  batch_size?: number
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
  'tokenizer',
] as const satisfies readonly (keyof ProtocolFields)[]

/** The text whose SHA-256 is the fingerprint: the hard fields that are set, in a fixed order, as JSON. */
export const fingerprintText = (fields: ProtocolFields): string =>
  JSON.stringify(
    HARD_FIELDS.flatMap((name) => (fields[name] === undefined || fields[name] === null ? [] : [[name, fields[name]]])),
  )
