/** The measures of one lineage from its root to a leaf, each with the number it divides by. */
import { Z95 } from '../evaluations/distributions.ts'
import { matrixMeasures } from './matrix.ts'

/** A stage of the path that has a target benchmark. */
export interface PathStage {
  id: string
  /** Utility of its model on the target of every stage with one, in the order of the path; null is missing. */
  onTargets: readonly (number | null)[]
}

/** A change between two fixed models, by paired items where there are some. */
export interface PairedDelta {
  delta: number
  se: number | null
}

export interface PathInput {
  /** Stages with a target, in the order of the path. */
  stages: readonly PathStage[]
  /** Per target: the change from the model of its own stage to the leaf; null where it cannot be told. The last one's is not used. */
  sinceOwnStage: readonly (PairedDelta | null)[]
  /** Chance of each target; null where it has none. Stands for the score without training. */
  chance: readonly (number | null)[]
  /** Utility of the root on each target; null is missing. */
  root: readonly (number | null)[]
}

export interface Measure {
  value: number
  se: number | null
  low: number | null
  high: number | null
  /** What the sum was divided by. */
  over: number
}

export interface PathMeasures {
  finalAccuracy: Measure | null
  learningAccuracy: Measure | null
  backwardTransfer: Measure | null
  /** Backward transfer over T, as the code of its source counts: with a structural zero. */
  backwardTransferOverT: Measure | null
  forgetting: Measure | null
  /** F over T in the same way. */
  forgettingOverT: Measure | null
  /** F with the best of all earlier models, also those before the target was trained; needs the upper triangle. */
  forgettingOverAll: Measure | null
  forwardTransfer: Measure | null
  /** 1/(T−1) Σ_{j≥2} (R[j−1][j] − R[root][j]): forward transfer with the root in place of chance. */
  liftOverRoot: Measure | null
  /** Why measures are not defined; null when all are. */
  reason: string | null
}

/**
 * ACC, LA, BWT, F, FWT of a path, over the benchmarks that its stages aim at (window of F: since the target's own stage;
 * denominators T and T−1). The interval of BWT comes from paired changes since each target's own stage, taken as independent.
 *
 * Two stages with a target and a full column are needed for all but ACC and LA.
 */
export function pathMeasures({ stages, sinceOwnStage, chance, root }: PathInput): PathMeasures {
  const T = stages.length
  if (T === 0) return { ...nothing, reason: 'no stage of this path has a target benchmark' }
  const R = stages.map(({ onTargets }) => onTargets)
  const known = chance.filter((c) => c !== null)
  const of = matrixMeasures(R, known.length === chance.length ? known : undefined)
  const later = stages.slice(1).map((_, i) => minus(R[i]?.[i + 1], root[i + 1]))
  const lifts = later.filter((lift) => lift !== null)
  const backward = backwardTransfer(sinceOwnStage.slice(0, T - 1)) ?? plain(of.backwardTransfer, T - 1)
  const forgetting = plain(of.forgetting, T - 1)
  return {
    finalAccuracy: plain(of.finalAccuracy, T),
    learningAccuracy: plain(of.learningAccuracy, T),
    backwardTransfer: backward,
    backwardTransferOverT: overStages(backward),
    forgetting,
    forgettingOverT: overStages(forgetting),
    forgettingOverAll: plain(of.forgettingOverAll, T - 1),
    forwardTransfer: plain(of.forwardTransfer, T - 1),
    liftOverRoot:
      T > 1 && lifts.length === later.length ? plain(lifts.reduce((sum, v) => sum + v, 0) / (T - 1), T - 1) : null,
    reason: T === 1 ? 'one stage with a target: nothing was learned before it' : missingWords(of.backwardTransfer),
  }
}

const nothing = {
  finalAccuracy: null,
  learningAccuracy: null,
  backwardTransfer: null,
  backwardTransferOverT: null,
  forgetting: null,
  forgettingOverT: null,
  forgettingOverAll: null,
  forwardTransfer: null,
  liftOverRoot: null,
} as const

const missingWords = (value: number | null): string | null =>
  value === null ? 'a stage or the last one was not measured on every earlier target' : null

const plain = (value: number | null, over: number): Measure | null =>
  value === null ? null : { value, se: null, low: null, high: null, over }

/** A measure over T − 1 as one over T. */
function overStages(measure: Measure | null): Measure | null {
  if (measure === null) return null
  const T = measure.over + 1
  const by = (value: number | null) => (value === null ? null : (value * measure.over) / T)
  return {
    value: (measure.value * measure.over) / T,
    se: by(measure.se),
    low: by(measure.low),
    high: by(measure.high),
    over: T,
  }
}

function backwardTransfer(deltas: readonly (PairedDelta | null)[]): Measure | null {
  const known = deltas.filter((delta) => delta !== null)
  if (known.length === 0 || known.length < deltas.length) return null
  const over = known.length
  const value = known.reduce((sum, { delta }) => sum + delta, 0) / over
  const errors = known.flatMap(({ se }) => (se === null ? [] : [se]))
  if (errors.length < over) return plain(value, over)
  const se = Math.hypot(...errors) / over
  return { value, se, low: value - Z95 * se, high: value + Z95 * se, over }
}

const minus = (a: number | null | undefined, b: number | null | undefined): number | null =>
  typeof a === 'number' && typeof b === 'number' ? a - b : null
