/** Over which benchmarks models of one target are compared in what they kept, and each model's mean over them. Pure. */
import { isCovered } from './coverage.ts'
import { type MeanScore, meanScore } from './mean-score.ts'

/** A benchmark on a stage's own checkpoint. */
export interface KeptCell {
  /** Between chance and best (`normalise`), with its standard error; null for losses and ratings, which have neither. */
  normal: { score: number; se: number | null } | null
  fingerprint: string
  /** The stage takes it as safety, whatever its category. */
  isSafety: boolean
}

export interface KeptStage {
  /** Slugs of the benchmarks that it aims at. */
  targets: readonly string[]
  /** Parallel to the benchmarks; null: not measured. */
  cells: readonly (KeptCell | null)[]
}

export interface KeptMean {
  /** Places of the benchmarks of the retention set. */
  set: number[]
  /** Of the set, those that all compared stages have under one protocol; the means are theirs. */
  used: number[]
  /** Of the set, those whose protocols differ among the compared stages, and those that one of them lacks. */
  differing: number[]
  lacking: number[]
  /** Why no mean is told: nothing is in the set, or less than 0.8 of it is used. Null: means are told. */
  hidden: 'no_set' | 'too_few_used' | null
  /** Parallel to the stages: how many of the set it has; whether it is compared; its mean, null where none is told. */
  stages: { measured: number; isCompared: boolean; mean: MeanScore | null }[]
}

/**
 * The retention set of a target is chosen by what was planned, not by how it went: every benchmark with a chance level and a best value
 * that no stage of this target aims at, safety apart. Stages that cover less than 0.8 of it are not compared; over the others only
 * benchmarks count that all of them have under one protocol, and below 0.8 of the set no mean is told (`isCovered`). Means are those
 * of `meanScore`: 0 is chance, 1 the best there can be.
 *
 * @param target place of the target among the benchmarks
 */
export function keptMean(
  benchmarks: readonly { slug: string; category: string }[],
  stages: readonly KeptStage[],
  target: number,
): KeptMean {
  const slug = benchmarks[target]?.slug
  const aims = new Set(stages.flatMap(({ targets }) => (slug !== undefined && targets.includes(slug) ? targets : [])))
  const has = (stage: KeptStage, column: number) => stage.cells[column]?.normal != null
  const isSafety = (column: number) =>
    benchmarks[column]?.category === 'safety' || stages.some((stage) => stage.cells[column]?.isSafety)
  const set = benchmarks.flatMap((benchmark, column) =>
    column !== target && !aims.has(benchmark.slug) && !isSafety(column) && stages.some((stage) => has(stage, column))
      ? [column]
      : [],
  )
  const counted = stages.map((stage) => {
    const measured = set.filter((column) => has(stage, column)).length
    return { stage, measured, isCompared: isCovered(measured, set.length) }
  })
  const compared = counted.flatMap(({ stage, isCompared }) => (isCompared ? [stage] : []))
  const shared = set.filter((column) => compared.every((stage) => has(stage, column)))
  const protocols = (column: number) => new Set(compared.map((stage) => stage.cells[column]?.fingerprint)).size
  const used = shared.filter((column) => protocols(column) <= 1)
  const isShort = compared.length > 0 && !isCovered(used.length, set.length)
  const hidden = set.length === 0 ? 'no_set' : isShort ? 'too_few_used' : null
  const meanOf = (stage: KeptStage) =>
    meanScore(
      used.flatMap((column) => {
        const normal = stage.cells[column]?.normal
        return normal ? [{ category: benchmarks[column]?.category ?? '', ...normal }] : []
      }),
    )
  return {
    set,
    used,
    differing: shared.filter((column) => protocols(column) > 1),
    lacking: set.filter((column) => !shared.includes(column)),
    hidden,
    stages: counted.map(({ stage, measured, isCompared }) => ({
      measured,
      isCompared,
      mean: hidden === null && isCompared ? meanOf(stage) : null,
    })),
  }
}
