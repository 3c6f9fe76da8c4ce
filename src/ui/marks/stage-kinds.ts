/** Word, short word, icon and colour token of each stage kind: the same everywhere. */
import {
  BadgeCheck,
  BookOpen,
  BookPlus,
  Layers,
  type LucideIcon,
  Merge,
  MessageSquareText,
  PackageOpen,
  Scale,
  Target,
  Terminal,
} from 'lucide-react'
import type { StageKind } from '#src/core/experiments/stage-kinds.ts'

export interface StageKindLook {
  word: string
  short: string
  /** CSS colour, for lines, icons and bands. */
  colour: string
  Icon: LucideIcon
}

export const STAGE_LOOKS: Readonly<Record<StageKind, StageKindLook>> = {
  external_base: { word: 'External base', short: 'External', colour: 'var(--st-external)', Icon: PackageOpen },
  pretrain: { word: 'Pretrain', short: 'Pretrain', colour: 'var(--st-pretrain)', Icon: Layers },
  continued_pretrain: { word: 'Continued pre-training', short: 'Continued', colour: 'var(--st-cpt)', Icon: BookPlus },
  instruction: { word: 'Instruction', short: 'Instruct', colour: 'var(--st-instruct)', Icon: MessageSquareText },
  domain: { word: 'Domain', short: 'Domain', colour: 'var(--st-domain)', Icon: BookOpen },
  task: { word: 'Task', short: 'Task', colour: 'var(--st-task)', Icon: Target },
  preference: { word: 'Preference', short: 'Preference', colour: 'var(--st-pref)', Icon: Scale },
  rl_verifiable: { word: 'RL, verifiable rewards', short: 'RL, verifiable', colour: 'var(--st-rl)', Icon: BadgeCheck },
  merge: { word: 'Merge', short: 'Merge', colour: 'var(--st-merge)', Icon: Merge },
  prompt_only: { word: 'Prompt only', short: 'Prompt', colour: 'var(--st-prompt)', Icon: Terminal },
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
