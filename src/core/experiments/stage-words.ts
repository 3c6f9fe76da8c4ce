import type { StageKind } from './stage-kinds.ts'

/** Stage kinds as people read them. */
export const STAGE_WORDS: Readonly<Record<StageKind, string>> = {
  external_base: 'External base',
  pretrain: 'Pretrain',
  continued_pretrain: 'Continued pre-training',
  instruction: 'Instruction',
  domain: 'Domain',
  task: 'Task',
  preference: 'Preference',
  rl_verifiable: 'RL, verifiable rewards',
  merge: 'Merge',
  prompt_only: 'Prompt only',
}

/** Methods whose usual spelling is not the stored one. */
const METHOD_WORDS: Readonly<Record<string, string>> = {
  dpo: 'DPO',
  'dpo-nll': 'DPO + NLL',
  rpo: 'RPO',
  ipo: 'IPO',
  kto: 'KTO',
  orpo: 'ORPO',
  simpo: 'SimPO',
  ppo: 'PPO',
  rlhf: 'RLHF',
  grpo: 'GRPO',
  rlvr: 'RLVR',
  sft: 'SFT',
  cpt: 'CPT',
  lora: 'LoRA',
  qlora: 'QLoRA',
}

/** The method as people write it; null stays null. */
export const methodWord = (method: string | null): string | null =>
  method === null ? null : (METHOD_WORDS[method.toLowerCase().replaceAll('_', '-')] ?? method)
