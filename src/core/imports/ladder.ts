import type { Parallelism, Plan } from '../experiments/fields.ts'
import { optimizerStep } from '../experiments/optimizer-step.ts'

/** Checkpoints that one stage of a file may have. */
export const LADDER_MAX = 10_000

/** Checkpoints at equal distances, as a file writes them. */
export interface Ladder {
  every: number
  from: number
  to: number
  location: string
}

/** One rung: the step in place of `{step}`. */
export interface Rung {
  location: string
  step: number
}

/** The checkpoints of a ladder from `from` to `to`, both included where they fall on a rung; empty when `to` is before `from`. */
export function rungs({ every, from, to, location }: Ladder): Rung[] {
  const n = to < from ? 0 : Math.min(Math.floor((to - from) / every) + 1, LADDER_MAX + 1)
  return Array.from({ length: n }, (_, i) => {
    const step = from + i * every
    return { step, location: location.replaceAll('{step}', String(step)) }
  })
}

/**
 * Tokens seen at a step: step × tokens per step (samples of a step × sequence length, else planned tokens over planned steps). Null
 * where a step's size is not known, at step 0 and beyond 2^53.
 */
export function tokensAtStep(
  step: number,
  stage: { parallelism?: Parallelism | null | undefined; plan?: Plan | null | undefined },
): number | null {
  const { tokens } = optimizerStep(stage.parallelism ?? null, stage.plan ?? null)
  const seen = tokens === null || step === 0 ? null : step * tokens
  return seen !== null && Number.isSafeInteger(seen) ? seen : null
}
