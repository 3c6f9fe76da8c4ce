import { adjusted as adjustedBy, type Correction } from '../evaluations/correction.ts'
import { equivalenceP } from '../evaluations/equivalence.ts'
import { minimumDetectable } from '../evaluations/power.ts'
import { ALPHA } from '../evaluations/read-change.ts'
import type { CellState } from './cell-states.ts'

/** Rates count in points, losses in nats or bits per byte; the two are never averaged together. */
export type Channel = 'points' | 'loss'

/** One benchmark of a stage against its reference. */
export interface StateCell {
  id: string
  /** Change of utility (orientation × value): negative is worse. Null: missing. */
  delta: number | null
  /** Standard error of `delta`; null: none can be given. 0 counts as exact. */
  se: number | null
  /** Two-sided, unadjusted; null: none can be given. */
  p: number | null
  /** Largest change that counts as none, in the unit of `delta`; absent: that of the family; null: none is known. */
  margin?: number | null
  /** ρ, where it is defined. */
  retention?: number | null
  /** False: measured under another protocol, or not at all. */
  comparable?: boolean
  channel?: Channel
}

export interface StatedCell {
  id: string
  state: CellState
  /** Over the family; null outside of it. */
  pAdjusted: number | null
  /** p that the change is no larger than the margin; null without a standard error. */
  tostP: number | null
  /** Forgot, and certainly less than the margin: a real loss too small to matter. */
  belowMargin: boolean
  severe: boolean
  /** The smallest change that this standard error would have found in 80 % of the cases, in the unit of `delta`. */
  detectable: number | null
}

export interface StateOptions {
  /** Level of the tests, and the share of false finds that Benjamini–Hochberg allows. */
  alpha: number
  margin: number
  correction: Correction
}

export const STATE_DEFAULTS: StateOptions = { alpha: ALPHA, margin: 1, correction: 'benjamini_hochberg' }

/** A loss of so many points, or a retention ratio below this, is severe. */
export const SEVERE_POINTS = 5
export const SEVERE_RETENTION = 0.9

/**
 * The state of every cell of a stage's family (its retention and safety benchmarks).
 *
 *   forgot         adjusted p < α and Δ < 0        improved   adjusted p < α and Δ > 0
 *   retained       both one-sided tests (TOST, normal) reject a change larger than the margin
 *   inconclusive   none of these                   not_comparable   another protocol, or missing
 *
 * The correction (Benjamini–Hochberg unless another is named) runs over comparable cells that have a delta and a p. `severe`: forgot and (Δ ≤ −5 points or ρ < 0.9).
 *
 * @returns one entry per cell, in the order given
 */
export function states(cells: readonly StateCell[], options: Partial<StateOptions> = {}): StatedCell[] {
  const { alpha, margin, correction } = { ...STATE_DEFAULTS, ...options }
  const family = cells.filter((cell) => isCompared(cell) && cell.p !== null)
  const adjusted = adjustedBy(
    family.map((cell) => cell.p ?? 1),
    correction,
  )
  const pOf = new Map(family.map((cell, i) => [cell, adjusted[i] ?? 1]))
  return cells.map((cell) =>
    stateOf(cell, pOf.get(cell) ?? null, alpha, cell.margin === undefined ? margin : cell.margin),
  )
}

const isCompared = (cell: StateCell): cell is StateCell & { delta: number } =>
  cell.comparable !== false && cell.delta !== null

function stateOf(cell: StateCell, pAdjusted: number | null, alpha: number, margin: number | null): StatedCell {
  const { id, se } = cell
  if (!isCompared(cell))
    return {
      id,
      state: 'not_comparable',
      pAdjusted: null,
      tostP: null,
      belowMargin: false,
      severe: false,
      detectable: null,
    }
  const { delta } = cell
  const tostP = se === null || margin === null ? null : equivalenceP(delta, se, margin)
  const isWithin = tostP !== null && tostP < alpha
  const isFound = pAdjusted !== null && pAdjusted < alpha && delta !== 0
  const state = isFound ? (delta < 0 ? 'forgot' : 'improved') : isWithin ? 'retained' : 'inconclusive'
  const inPoints = (cell.channel ?? 'points') === 'points'
  const isLarge =
    (inPoints && delta <= -SEVERE_POINTS) || (typeof cell.retention === 'number' && cell.retention < SEVERE_RETENTION)
  return {
    id,
    state,
    pAdjusted,
    tostP,
    belowMargin: state === 'forgot' && isWithin,
    severe: state === 'forgot' && isLarge,
    detectable: se === null ? null : minimumDetectable(se),
  }
}

/** How many cells are in each state; every state is named. */
export function countStates(cells: readonly StatedCell[]): Record<CellState, number> {
  const counts = { forgot: 0, improved: 0, retained: 0, inconclusive: 0, not_comparable: 0 }
  for (const { state } of cells) counts[state]++
  return counts
}
