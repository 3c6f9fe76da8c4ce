import type { EdgeKind } from '#src/core/lineage/edge-kinds.ts'

/** What a parent is to its child, in words. */
export const EDGE_WORDS: Readonly<Record<EdgeKind, string>> = {
  init: 'continues weights',
  adapter_on: 'adapter on it',
  merge: 'merged',
  teacher: 'teacher',
  generator: 'generated data',
  judge: 'judge',
  reference: 'reference model',
  reward_model: 'reward model',
  tokenizer: 'tokenizer',
  data: 'data',
}
