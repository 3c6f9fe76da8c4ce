/** The kept axis as one number: the mean over the benchmarks that a target's stages should keep, in words where it is not told. Pure. */
import { Z95 } from '#src/core/evaluations/z95.ts'
import { keptMean } from '#src/core/forgetting/kept-mean.ts'
import type { Bought, BoughtStage } from '#src/protocol/bought.ts'
import { cellOfStage, type Reach } from './prepare-pareto.ts'

/** Stands for the mean where a benchmark's column could be chosen. */
export const MEAN_KEPT = -1

export interface MeanKept {
  /** Columns of the retention set. */
  set: number[]
  /** Of the set, those that all compared stages share; the mean is theirs. */
  used: number[]
  /** Of the set, the names of those whose protocols differ among the stages, and of those that some stage lacks. */
  differing: string[]
  lacking: string[]
  /** Why no mean is told, in words; null: it is told. */
  hidden: string | null
  of: (stage: BoughtStage) => Reach | string
}

/** The mean of what stages of a target kept (`keptMean`), as values of an axis or what they lack. */
export function meanKept({ benchmarks, stages }: Bought, target: number): MeanKept {
  const found = keptMean(
    benchmarks,
    stages.map((stage) => ({
      targets: stage.targets,
      cells: benchmarks.map((_, column) => {
        const cell = cellOfStage(stage, column)
        return cell && { normal: cell.normal, fingerprint: cell.fingerprint, isSafety: cell.change?.role === 'safety' }
      }),
    })),
    target,
  )
  const { set, used } = found
  const namesOf = (columns: readonly number[]) => columns.map((column) => benchmarks[column]?.name ?? '')
  const hidden =
    found.hidden === 'no_set'
      ? 'no benchmark that should be kept has a chance level and a best value'
      : found.hidden === 'too_few_used'
        ? `only ${used.length} of ${set.length} kept benchmarks are shared by all stages under one protocol`
        : null
  const places = new Map(stages.map(({ experiment }, i) => [experiment.number, found.stages[i]]))
  return {
    set,
    used,
    differing: namesOf(found.differing),
    lacking: namesOf(found.lacking),
    hidden,
    of: (stage) => {
      if (hidden !== null) return hidden
      const { measured = 0, mean = null } = places.get(stage.experiment.number) ?? {}
      if (mean === null) return `${measured} of ${set.length} kept benchmarks measured`
      const half = mean.se === null ? null : Z95 * mean.se
      return {
        value: mean.mean,
        low: half === null ? null : mean.mean - half,
        high: half === null ? null : mean.mean + half,
      }
    },
  }
}
