/** The kinds of stage a language model goes through, in the order in which they usually follow each other. */
export const STAGE_KINDS = [
  'external_base',
  'pretrain',
  'continued_pretrain',
  'instruction',
  'domain',
  'task',
  'preference',
  'rl_verifiable',
  'merge',
  'prompt_only',
] as const

export type StageKind = (typeof STAGE_KINDS)[number]

/** Words of the field that mean a stage kind; the finer word is kept as the method. */
const ALIASES: Readonly<Record<string, StageKind>> = {
  base: 'pretrain',
  pretraining: 'pretrain',
  'pre-training': 'pretrain',
  cpt: 'continued_pretrain',
  dapt: 'continued_pretrain',
  tapt: 'continued_pretrain',
  'continued-pretraining': 'continued_pretrain',
  'mid-training': 'continued_pretrain',
  midtraining: 'continued_pretrain',
  sft: 'instruction',
  instruct: 'instruction',
  'instruction-tuning': 'instruction',
  'task-finetuning': 'task',
  finetune: 'task',
  'fine-tuning': 'task',
  dpo: 'preference',
  ipo: 'preference',
  kto: 'preference',
  orpo: 'preference',
  simpo: 'preference',
  cpo: 'preference',
  apo: 'preference',
  rlhf: 'preference',
  ppo: 'preference',
  grpo: 'rl_verifiable',
  rloo: 'rl_verifiable',
  rlvr: 'rl_verifiable',
  soup: 'merge',
  external: 'external_base',
  api_model: 'external_base',
  prompt: 'prompt_only',
}

export type StageKindAnswer =
  | { kind: 'known'; stageKind: StageKind; method: string | null }
  | { kind: 'unknown'; given: string; known: readonly string[] }

/**
 * Reads a stage kind or one of its aliases, without case; `_`, `-` and blanks are alike.
 * `method` is the alias when it says more than the kind (dpo → preference, method dpo).
 */
export function readStageKind(given: string): StageKindAnswer {
  const word = given.trim().toLowerCase()
  const kind = STAGE_KINDS.find((k) => k === word.replace(/[-\s]/g, '_'))
  if (kind) return { kind: 'known', stageKind: kind, method: null }
  const alias = word.replace(/[_\s]/g, '-')
  const known = ALIASES[alias] ?? ALIASES[word]
  if (known) return { kind: 'known', stageKind: known, method: alias === 'base' ? null : alias }
  return { kind: 'unknown', given, known: [...STAGE_KINDS, ...Object.keys(ALIASES)] }
}

/** Stages that may stand at the root of a lineage, with the root they need. */
export const ROOT_KINDS = ['random_init', 'external_base', 'api_model'] as const
export type RootKind = (typeof ROOT_KINDS)[number]

/** What the stage aims at. */
export const STAGE_GOALS = ['task', 'domain', 'behaviour', 'style', 'format'] as const
export type StageGoal = (typeof STAGE_GOALS)[number]
