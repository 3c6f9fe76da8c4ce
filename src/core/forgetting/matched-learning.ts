import { type ParetoPoint, retentionAtLearning } from './pareto.ts'

/** The way of one method from its parent on, in the order of training. */
export interface LearningWay {
  id: string
  points: readonly Pick<ParetoPoint, 'learn' | 'retain'>[]
}

export interface MatchedLearning {
  /** Of the target. */
  level: number
  /** `retain` is null where the method never reached the level. */
  methods: { id: string; retain: number | null }[]
}

/**
 * Compares methods at equal learning: a method that learned less has also forgotten less, which says nothing for it.
 *
 * @param level of the target; without it the highest that every way reaches
 * @returns null when fewer than two ways have a point, or no level is common to them
 * Source: arXiv 2405.09673 (LoRA learns less and forgets less)
 */
export function matchedLearning(ways: readonly LearningWay[], level?: number): MatchedLearning | null {
  const begun = ways.filter((way) => way.points.length > 0)
  if (begun.length < 2) return null
  const { lowest, highest } = commonLevels(begun)
  if (level === undefined && highest < lowest) return null
  const at = level ?? highest
  return { level: at, methods: begun.map(({ id, points }) => ({ id, retain: retentionAtLearning(points, at) })) }
}

/** From the lowest to the highest level of the target that all ways with a point pass; none where highest < lowest. */
export function commonLevels(ways: readonly LearningWay[]): { lowest: number; highest: number } {
  const levels = ways.filter((way) => way.points.length > 0).map((way) => way.points.map((p) => p.learn))
  return {
    lowest: Math.max(...levels.map((of) => Math.min(...of))),
    highest: Math.min(...levels.map((of) => Math.max(...of))),
  }
}
