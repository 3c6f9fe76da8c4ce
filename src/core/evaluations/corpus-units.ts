/** Units of a loss over a corpus: bits per byte compares across tokenizers, nats per token does not. */
export const CORPUS_UNITS = ['bits_per_byte', 'nats_per_token'] as const
export type CorpusUnit = (typeof CORPUS_UNITS)[number]
