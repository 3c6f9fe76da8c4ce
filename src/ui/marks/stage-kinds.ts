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
import { STAGE_WORDS } from '#src/core/experiments/stage-words.ts'

export interface StageKindLook {
  word: string
  short: string
  /** CSS colour, for lines, icons and bands. */
  colour: string
  Icon: LucideIcon
}

export const STAGE_LOOKS: Readonly<Record<StageKind, StageKindLook>> = {
  external_base: {
    word: STAGE_WORDS.external_base,
    short: 'External',
    colour: 'var(--st-external)',
    Icon: PackageOpen,
  },
  pretrain: { word: STAGE_WORDS.pretrain, short: 'Pretrain', colour: 'var(--st-pretrain)', Icon: Layers },
  continued_pretrain: {
    word: STAGE_WORDS.continued_pretrain,
    short: 'Continued',
    colour: 'var(--st-cpt)',
    Icon: BookPlus,
  },
  instruction: {
    word: STAGE_WORDS.instruction,
    short: 'Instruct',
    colour: 'var(--st-instruct)',
    Icon: MessageSquareText,
  },
  domain: { word: STAGE_WORDS.domain, short: 'Domain', colour: 'var(--st-domain)', Icon: BookOpen },
  task: { word: STAGE_WORDS.task, short: 'Task', colour: 'var(--st-task)', Icon: Target },
  preference: { word: STAGE_WORDS.preference, short: 'Preference', colour: 'var(--st-pref)', Icon: Scale },
  rl_verifiable: { word: STAGE_WORDS.rl_verifiable, short: 'RL, verifiable', colour: 'var(--st-rl)', Icon: BadgeCheck },
  merge: { word: STAGE_WORDS.merge, short: 'Merge', colour: 'var(--st-merge)', Icon: Merge },
  prompt_only: { word: STAGE_WORDS.prompt_only, short: 'Prompt', colour: 'var(--st-prompt)', Icon: Terminal },
}

export { methodWord } from '#src/core/experiments/stage-words.ts'
