/** Which values of a metric are better. */
export const ORIENTATIONS = ['lower', 'higher'] as const
export type Orientation = (typeof ORIENTATIONS)[number]

const LOWER = new Set([
  'loss',
  'nll',
  'perplexity',
  'ppl',
  'bpb',
  'bpc',
  'error',
  'err',
  'wer',
  'cer',
  'mse',
  'rmse',
  'mae',
  'time',
  'latency',
  'seconds',
  'ms',
])
const HIGHER = new Set([
  'accuracy',
  'acc',
  'reward',
  'score',
  'f1',
  'bleu',
  'rouge',
  'mfu',
  'throughput',
  'precision',
  'recall',
  'auc',
])

/**
 * What a metric's name says of it, by the words of its last part: `train/loss` and `val_loss` lower, `eval/accuracy` higher. Null where
 * it says nothing, or both.
 */
export function orientationOf(key: string): Orientation | null {
  const words = (key.split('/').at(-1) ?? '').toLowerCase().split(/[^a-z0-9]+/)
  if (isPerTime(words)) return 'higher'
  const isLower = words.some((word) => LOWER.has(word))
  if (isLower === words.some((word) => HIGHER.has(word))) return null
  return isLower ? 'lower' : 'higher'
}

/** `tokens_per_second`, `samples_per_s`. */
const isPerTime = (words: readonly string[]): boolean =>
  words.some((word, i) => word === 'per' && /^(s|sec|second|minute|hour)s?$/.test(words[i + 1] ?? ''))
