/** Names under which training code logs its loss, the ones that say most first (raw spellings of several trackers). */
export const LOSS_KEYS = [
  'loss',
  'train/loss',
  'train_loss',
  'loss/total',
  'loss/lm',
  'loss/task',
  'loss/sft',
  'loss/dpo',
  'reduced_train_loss',
  'actor/pg_loss',
] as const

/** Names of the learning rate. */
export const LEARNING_RATE_KEYS = ['lr', 'learning_rate', 'train/learning_rate', 'train/lr', 'optim/lr'] as const

/** Running totals of tokens. */
export const TOKEN_KEYS = ['tokens', 'num_tokens', 'train/num_tokens', 'num_input_tokens_seen', 'total_tokens'] as const

/** Tokens per second. */
export const SPEED_KEYS = [
  'tokens_per_s',
  'tokens_per_second',
  'train_tokens_per_second',
  'tokens_per_second_per_gpu',
  'tps',
  'throughput',
] as const

/** The first of `names` that `has` answers for. */
export const firstOf = <T>(names: readonly string[], has: (name: string) => T | undefined): T | undefined => {
  for (const name of names) {
    const found = has(name)
    if (found !== undefined) return found
  }
  return undefined
}
