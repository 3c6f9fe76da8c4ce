/**
 * What a stage should keep where its weights come from a model that was tuned to follow instructions: the benchmarks of instruction
 * following belong to its retention set without anybody naming them. A stage that was told another role for one keeps that role.
 */
import type { StageKind } from '../experiments/stage-kinds.ts'

/** The benchmark that stands for instruction following where none is known: IFEval (Zhou et al. 2023, arXiv 2311.07911). */
export const USUAL_INSTRUCTION_BENCHMARK = { slug: 'ifeval', name: 'IFEval' } as const

/** True for a category of benchmarks that measure how a model follows what it is told. */
export const isInstructionCategory = (category: string): boolean =>
  ['instruction', 'instruction following', 'chat'].includes(
    category
      .trim()
      .toLowerCase()
      .replace(/[-_\s]+/g, ' '),
  )

/** A stage as far as this rule needs it. */
export interface TunedStage {
  stageKind: StageKind
  /** Of an external base its name tells: Llama-3.1-8B-Instruct. */
  name: string
}

/** True for a stage whose model was tuned to follow instructions or preferences; a base from outside says so in its name. */
export function isInstructTuned({ stageKind, name }: TunedStage): boolean {
  if (stageKind === 'external_base') return /(^|[^a-z])(instruct|chat|it|sft|dpo|rlhf)([^a-z]|$)/i.test(name)
  return stageKind === 'instruction' || stageKind === 'preference' || stageKind === 'rl_verifiable'
}

/**
 * The stages of a path whose instruction following a child should keep: from its nearest parent back to the first that was tuned for
 * it. Empty where none was.
 *
 * @param path parents, the nearest first
 */
export function tunedPath<Id>(path: readonly Id[], stageOf: (id: Id) => TunedStage | null): Id[] {
  const isTuned = path.map((id) => {
    const stage = stageOf(id)
    return stage !== null && isInstructTuned(stage)
  })
  return path.slice(0, isTuned.lastIndexOf(true) + 1)
}

/** Benchmarks of instruction following among what stages of such a path were measured on, each once, the nearest first. */
export const instructionDefaults = <B extends { id: number; category: string }>(measured: readonly B[]): B[] => [
  ...new Map(
    measured.filter(({ category }) => isInstructionCategory(category)).map((one) => [one.id, one] as const),
  ).values(),
]
