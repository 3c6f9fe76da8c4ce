import { meanOf } from './coverage.ts'

export interface RelativeForgetting {
  /** Mean over stages of (R₀ − R_m) / R₀, in percent: positive is lost. */
  stageAverage: number
  /** The last term alone, which is usually larger. */
  finalOnly: number
}

/**
 * Relative forgetting averaged over stages, not the final drop alone. Source: Luo et al. 2023 (2308.08747).
 *
 * @param reference R₀, not 0
 * @param after one score per later stage, at least one
 * @throws RangeError outside that domain
 */
export function relativeForgetting(reference: number, after: readonly number[]): RelativeForgetting {
  if (reference === 0) throw new RangeError('the reference score is 0; nothing is relative to it')
  const terms = after.map((score) => ((reference - score) / reference) * 100)
  const [stageAverage, finalOnly] = [meanOf(terms), terms.at(-1)]
  if (stageAverage === null || finalOnly === undefined) throw new RangeError('there is no later stage')
  return { stageAverage, finalOnly }
}
