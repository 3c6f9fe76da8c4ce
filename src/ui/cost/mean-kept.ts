/** The kept axis as one number: the mean score over the benchmarks that a target's stages should keep. Pure. */
import { Z95 } from '#src/core/evaluations/z95.ts'
import { isCovered } from '#src/core/forgetting/coverage.ts'
import { meanScore } from '#src/core/forgetting/mean-score.ts'
import type { Bought, BoughtStage } from '#src/protocol/bought.ts'
import { cellOfStage, type Reach } from './prepare-pareto.ts'

/** Stands for the mean where a benchmark's column could be chosen. */
export const MEAN_KEPT = -1

export interface MeanKept {
  /** Columns of the retention set. */
  set: number[]
  /** Of the set, those that all compared stages share; the mean is theirs. */
  used: number[]
  /** Of the set, those whose protocols differ among the stages, and those that some stage lacks. */
  differing: string[]
  lacking: string[]
  /** Shares of the set below which no mean is told, in words; null: it is told. */
  hidden: string | null
  of: (stage: BoughtStage) => Reach | string
}

/**
 * The retention set of a target is chosen by what was planned, not by how it went: every rate with a chance level and a best value that
 * no stage of this target aims at, safety apart. Stages that cover less than 0.8 of it are left out; over the others only benchmarks
 * that all of them share under one protocol count, and below 0.8 of the set nothing is told.
 */
export function meanKept({ benchmarks, stages }: Bought, target: number): MeanKept {
  const slug = benchmarks[target]?.slug
  const aims = new Set(
    stages.filter(({ targets }) => slug !== undefined && targets.includes(slug)).flatMap((s) => s.targets),
  )
  const isSafety = (column: number) =>
    benchmarks[column]?.category === 'safety' ||
    stages.some((stage) => cellOfStage(stage, column)?.change?.role === 'safety')
  const set = [...benchmarks.keys()].filter((column) => {
    const benchmark = benchmarks[column]
    const isRate = stages.some((stage) => cellOfStage(stage, column)?.normal != null)
    return column !== target && isRate && !isSafety(column) && !aims.has(benchmark?.slug ?? '')
  })
  const has = (stage: BoughtStage, column: number) => cellOfStage(stage, column)?.normal != null
  const coverage = (stage: BoughtStage) => set.filter((column) => has(stage, column)).length
  const compared = stages.filter((stage) => isCovered(coverage(stage), set.length))
  const shared = set.filter((column) => compared.every((stage) => has(stage, column)))
  const isOneProtocol = (column: number) =>
    new Set(compared.map((stage) => cellOfStage(stage, column)?.fingerprint)).size <= 1
  const used = shared.filter(isOneProtocol)
  const nameOf = (column: number) => benchmarks[column]?.name ?? ''
  const hidden =
    set.length === 0
      ? 'no benchmark that should be kept has a chance level and a best value'
      : compared.length > 0 && !isCovered(used.length, set.length)
        ? `only ${used.length} of ${set.length} kept benchmarks are shared by all stages under one protocol`
        : null
  return {
    set,
    used,
    differing: shared.filter((column) => !isOneProtocol(column)).map(nameOf),
    lacking: set.filter((column) => !shared.includes(column)).map(nameOf),
    hidden,
    of: (stage) => {
      if (hidden !== null) return hidden
      if (!compared.includes(stage)) return `${coverage(stage)} of ${set.length} kept benchmarks measured`
      const found = meanScore(
        used.flatMap((column) => {
          const normal = cellOfStage(stage, column)?.normal
          return normal ? [{ category: benchmarks[column]?.category ?? '', ...normal }] : []
        }),
      )
      if (!found) return 'nothing that should be kept was measured'
      const half = found.se === null ? null : Z95 * found.se
      return {
        value: found.mean,
        low: half === null ? null : found.mean - half,
        high: half === null ? null : found.mean + half,
      }
    },
  }
}
