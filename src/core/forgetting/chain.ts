import { isCovered, meanOf } from './coverage.ts'

export interface ChainStage {
  id: string
  /** Parallel to the benchmarks; null is missing. */
  values: readonly (number | null)[]
}

export interface ChainInput {
  benchmarks: readonly string[]
  /** 1: higher is better, −1: lower; parallel to the benchmarks, 1 by default. */
  orientation?: readonly (1 | -1)[]
  /** To a common unit; parallel to the benchmarks, 1 by default. */
  scale?: readonly number[]
  /** Root first. */
  stages: readonly ChainStage[]
}

export interface ChainScores {
  /** Share of benchmarks that every stage has: means run over these alone. */
  coverage: number
  /** Per stage, mean utility; null where a benchmark is lower-better (no average of both means anything) or coverage is too low. */
  average: (number | null)[]
  /** From the second stage on: utility delta against the previous stage, per benchmark. */
  step: Map<string, (number | null)[]>
  /** From the second stage on: mean step; null when coverage is too low. */
  meanStep: Map<string, number | null>
  /** The best earlier stage minus the last, per benchmark: positive is lost. */
  forgetting: (number | null)[]
  meanSigned: number | null
  /** max(F, 0): looks worse under noise than it is, shown beside the signed mean. */
  meanClipped: number | null
  lost: number
  /** The benchmark with the largest F, the first of equals; null when there is none. */
  worst: string | null
}

/** F above this counts as lost: rounding of floating point is no loss. */
const LOST_MIN = 1e-9

/**
 * Steps and forgetting of several benchmarks along a chain of stages, on utility = orientation · value · scale.
 *
 * @throws RangeError when arrays are not parallel, there is no stage, or an id comes twice
 */
export function chainScores({ benchmarks, orientation, scale, stages }: ChainInput): ChainScores {
  const B = benchmarks.length
  parallel('orientation', orientation?.length ?? B, B)
  parallel('scale', scale?.length ?? B, B)
  for (const { id, values } of stages) parallel(`the values of "${id}"`, values.length, B)
  if (stages.length === 0) throw new RangeError('a chain has at least one stage')
  if (new Set(stages.map(({ id }) => id)).size < stages.length) throw new RangeError('a stage comes twice in the chain')

  const utilities = stages.map(({ values }) =>
    values.map((value, b) => (value === null ? null : (orientation?.[b] ?? 1) * value * (scale?.[b] ?? 1))),
  )
  const shared = benchmarks.flatMap((_, b) => (utilities.every((row) => row[b] !== null) ? [b] : []))
  const covered = isCovered(shared.length, B)
  const overShared = (values: readonly (number | null)[]) =>
    covered ? meanOf(shared.map((b) => values[b] ?? 0)) : null

  const last = utilities.at(-1) ?? []
  const forgetting = last.map((own, b) => {
    const earlier = utilities.slice(0, -1).flatMap((row) => row[b] ?? [])
    return own === null || earlier.length === 0 ? null : Math.max(...earlier) - own
  })
  const steps = stages.slice(1).map(({ id }, i) => {
    const delta = benchmarks.map((_, b) => minus(utilities[i + 1]?.[b], utilities[i]?.[b]))
    return [id, delta] as const
  })
  const largest = forgetting.reduce<number | null>((most, f) => (f === null ? most : Math.max(most ?? f, f)), null)
  return {
    coverage: B === 0 ? 0 : shared.length / B,
    average: utilities.map((row) => (orientation?.includes(-1) ? null : overShared(row))),
    step: new Map(steps),
    meanStep: new Map(steps.map(([id, delta]) => [id, overShared(delta)])),
    forgetting,
    meanSigned: stages.length > 1 ? overShared(forgetting) : null,
    meanClipped: stages.length > 1 ? overShared(forgetting.map((f) => f && Math.max(f, 0))) : null,
    lost: forgetting.filter((f) => f !== null && f > LOST_MIN).length,
    worst: largest === null ? null : (benchmarks[forgetting.indexOf(largest)] ?? null),
  }
}

function parallel(what: string, length: number, expected: number): void {
  if (length !== expected) throw new RangeError(`${what} has ${length} entries for ${expected} benchmarks`)
}

const minus = (a: number | null | undefined, b: number | null | undefined): number | null =>
  typeof a === 'number' && typeof b === 'number' ? a - b : null
