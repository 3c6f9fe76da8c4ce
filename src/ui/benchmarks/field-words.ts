/** What the fields of benchmarks and protocols are called on screens. */
import type { BenchmarkUse } from '#src/core/evaluations/benchmarks.ts'
import type { Benchmark, ProtocolInput } from '#src/protocol/evaluations.ts'

export const PROTOCOL_WORDS: Readonly<Record<keyof ProtocolInput, string>> = {
  task: 'Task',
  task_version: 'Task version',
  dataset: 'Data set',
  dataset_revision: 'Data set revision',
  split: 'Split',
  shots: 'Shots',
  prompt_template: 'Prompt template',
  chat_template: 'Chat template',
  apply_chat_template: 'Chat template applied',
  extraction: 'Answer extraction',
  metric: 'Metric',
  normalizer: 'Normaliser',
  decoding: 'Decoding',
  max_length: 'Greatest length',
  harness: 'Harness',
  harness_version: 'Harness version',
  judge: 'Judge',
  judge_prompt: 'Judge’s prompt',
  tokenizer: 'Tokenizer',
  dtype: 'Number format',
  quantization: 'Quantisation',
  engine: 'Engine',
  batch_size: 'Batch size',
}

/** The fields in the order in which they are read. */
export const PROTOCOL_FIELDS = Object.keys(PROTOCOL_WORDS) as readonly (keyof ProtocolInput)[]

const DEFINITION_WORDS: Readonly<Record<string, string>> = {
  name: 'Name',
  category: 'Category',
  use: 'Use',
  kind: 'Kind',
  higher_is_better: 'Higher is better',
  chance: 'Chance',
  best: 'Best',
  unit: 'Unit',
  margin: 'Margin',
  description: 'What it is',
  twin: 'Over-refusal twin',
  gain: 'A gain shows',
  valid_until: 'Answers hold until',
  domain: 'Domain',
  facet: 'Facet',
  part: 'Side of a task',
  pair: 'Other side',
  default_protocol: 'Default protocol',
  note: 'Note',
}

/** What an edited field is called. */
export const editedWord = (field: string): string => DEFINITION_WORDS[field] ?? field

type Value = string | number | boolean | null | undefined

/** A value of a field as it is read; null where nothing is said. */
export function valueWords(value: Value): string | null {
  if (value === null || value === undefined || value === '') return null
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

/** A value of a protocol's field: a digest is cut to what tells it apart. */
export function protocolValue(field: keyof ProtocolInput, value: Value): string | null {
  const words = valueWords(value)
  return words !== null && field === 'dataset_revision' && /^[0-9a-f]{40,}$/.test(words) ? words.slice(0, 12) : words
}

/** What people call a protocol, else the beginning of its fingerprint. */
export const protocolName = ({ name, fingerprint }: { name: string; fingerprint: string }): string =>
  name || `Protocol ${fingerprint.slice(0, 8)}`

export const USE_WORDS: Readonly<Record<BenchmarkUse, string>> = {
  development: 'development',
  unseen: 'unseen',
}

const KIND_WORDS: Readonly<Record<Benchmark['kind'], string>> = {
  accuracy: 'accuracy',
  rate: 'rate',
  loss: 'loss',
  elo: 'rating',
  other: 'other number',
}

/** The kind of number that a benchmark gives, with its unit and direction: "loss in bpb, lower is better". */
export const numberWords = ({
  kind,
  unit,
  higher_is_better,
}: Pick<Benchmark, 'kind' | 'unit' | 'higher_is_better'>): string =>
  `${KIND_WORDS[kind]}${unit ? ` in ${unit}` : ''}, ${higher_is_better ? 'higher' : 'lower'} is better`
