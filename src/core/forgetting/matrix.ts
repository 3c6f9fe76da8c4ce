/**
 * The measures of continual learning over R: `R[i][j]` is the utility of the model after stage i on the benchmark of stage j,
 * higher is better. T stages. A measure that needs a missing cell is null.
 */
import { meanOf } from './coverage.ts'

/** Rows may end at the diagonal (lower triangle) or be full; null and what lies beyond a row's end is missing. */
export type ScoreMatrix = readonly (readonly (number | null)[])[]

export interface MatrixMeasures {
  stages: number
  /** (1/T) Σ_j R[T][j]. Lopez-Paz and Ranzato 2017 (1706.08840). */
  finalAccuracy: number | null
  /** (1/T) Σ_j R[j][j]: how well each stage learned its own; plasticity. */
  learningAccuracy: number | null
  /** 1/(T−1) Σ_{j<T} (R[T][j] − R[j][j]); stability. The same source; its code divides by T, see `backwardTransferOverT`. */
  backwardTransfer: number | null
  /** The convention of the GEM code, which counts a structural zero: backward transfer · (T−1)/T. */
  backwardTransferOverT: number | null
  /** 1/(T−1) Σ_{j<T} (max_{j≤l<T} R[l][j] − R[T][j]): window from the benchmark's own stage. Chaudhry et al. 2018 (1801.10112). */
  forgetting: number | null
  /** The same with the max over all earlier models, as in the source; needs the upper triangle. */
  forgettingOverAll: number | null
  /** `forgetting` at model k, for k = 2 … T. */
  forgettingAt: (number | null)[]
  /** 1/(T−1) Σ_{j≥2} (R[j−1][j] − b̄_j), b̄ the score without training. The first source; surveys print it with another index. */
  forwardTransfer: number | null
  /** Mean over t of (1/t) Σ_{i≤t} R[t][i]. TRACE, Wang et al. 2023 (2310.06762). */
  meanOverallPerformance: number | null
  /** Σ_{i≥j} R[i][j] / (T(T+1)/2). Díaz-Rodríguez et al. 2018 (1810.13166), as is `backwardTransferAllPairs`. */
  accuracyAllPairs: number | null
  /** Σ_{i>j} (R[i][j] − R[j][j]) / (T(T−1)/2). */
  backwardTransferAllPairs: number | null
  /** Mean over j < T of R[T][j] / R[j][j]; null where a diagonal is 0. */
  meanRawRetention: number | null
}

/**
 * All measures of a matrix. With one stage only accuracy and what equals it are defined.
 *
 * @param untrained b̄: one number, or one per column; absent: no forward transfer
 * @throws RangeError when there is no row, a row ends before its diagonal or is longer than T, or `untrained` has another length
 */
export function matrixMeasures(R: ScoreMatrix, untrained?: number | readonly number[]): MatrixMeasures {
  const T = R.length
  check(R, untrained)
  const cell = (i: number, j: number): number | null => R[i]?.[j] ?? null
  const diagonal = (j: number) => cell(j, j)
  const upTo = (n: number, from = 0) => Array.from({ length: Math.max(0, n - from) }, (_, i) => from + i)
  const earlier = upTo(T - 1)
  const pairs = upTo(T).flatMap((i) => upTo(i).map((j) => [i, j] as const))

  /** Mean of what the window [from(j), k) of each column j < k lost at model k. */
  const lostAt = (k: number, from: (j: number) => number) =>
    mean(upTo(k).map((j) => minus(most(upTo(k, from(j)).map((l) => cell(l, j))), cell(k, j))))

  const backward = mean(earlier.map((j) => minus(cell(T - 1, j), diagonal(j))))
  return {
    stages: T,
    finalAccuracy: mean(upTo(T).map((j) => cell(T - 1, j))),
    learningAccuracy: mean(upTo(T).map(diagonal)),
    backwardTransfer: backward,
    backwardTransferOverT: backward === null ? null : (backward * (T - 1)) / T,
    forgetting: lostAt(T - 1, (j) => j),
    forgettingOverAll: lostAt(T - 1, () => 0),
    forgettingAt: upTo(T, 1).map((k) => lostAt(k, (j) => j)),
    forwardTransfer:
      untrained === undefined
        ? null
        : mean(
            upTo(T, 1).map((j) =>
              minus(cell(j - 1, j), typeof untrained === 'number' ? untrained : (untrained[j] ?? null)),
            ),
          ),
    meanOverallPerformance: mean(upTo(T).map((t) => mean(upTo(t + 1).map((i) => cell(t, i))))),
    accuracyAllPairs: mean([...upTo(T).map(diagonal), ...pairs.map(([i, j]) => cell(i, j))]),
    backwardTransferAllPairs: mean(pairs.map(([i, j]) => minus(cell(i, j), diagonal(j)))),
    meanRawRetention: mean(earlier.map((j) => ratio(cell(T - 1, j), diagonal(j)))),
  }
}

function check(R: ScoreMatrix, untrained?: number | readonly number[]): void {
  const T = R.length
  if (T === 0) throw new RangeError('R has no row; it needs one per stage')
  R.forEach((row, i) => {
    if (row.length < i + 1 || row.length > T)
      throw new RangeError(`row ${i} of R has ${row.length} cells; it needs ${i + 1} to ${T}`)
  })
  if (typeof untrained === 'object' && untrained.length !== T)
    throw new RangeError(`b_bar has ${untrained.length} values for ${T} columns`)
}

/** Null when a member is missing, or there is none. */
function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((v) => v !== null)
  return known.length < values.length ? null : meanOf(known)
}

/** Null when a member is missing: the best might be the one. */
function most(values: readonly (number | null)[]): number | null {
  const known = values.filter((v) => v !== null)
  return known.length < values.length || known.length === 0 ? null : Math.max(...known)
}

const minus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b)

const ratio = (a: number | null, b: number | null): number | null =>
  a === null || b === null || b === 0 ? null : a / b
