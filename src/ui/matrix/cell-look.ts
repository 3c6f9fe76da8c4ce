/** How a cell is painted: the size of its change in five steps either way, and how sure it is. Pure. */
import type { Benchmark } from '#src/protocol/evaluations.ts'
import type { MatrixCell } from './matrix-model.ts'

export type Sureness = 'certain' | 'uncertain' | 'no_interval'

export interface CellLook {
  /**
   * `change`: a ground by its size; `same`: no change; `hatched`: cannot be compared; `plain`: nothing to compare with; `missing`: not
   * measured; `empty`: hidden, since its change is not certain.
   */
  kind: 'change' | 'same' | 'hatched' | 'plain' | 'missing' | 'empty'
  direction: 'lost' | 'gained' | null
  step: 1 | 2 | 3 | 4 | 5 | null
  sureness: Sureness | null
  /** A corner: the loss exceeds its budget for certain (or there is no interval), or only as an estimate. */
  corner: 'filled' | 'outlined' | null
}

/** Where the steps begin: changes of shares (0 to 1) and of losses in bits or nats. Two scales, one ramp, never averaged. */
export const SCORE_STEPS = [0.1, 0.25, 0.5, 0.75] as const
export const LOSS_STEPS = [0.1, 0.3, 0.7, 1.2] as const

/** The size of a change in the unit of its steps. Ratings and the like have no scale of their own: they count as parts of the score. */
export function changeSize(cell: Pick<MatrixCell, 'utility' | 'score'>, benchmark: Benchmark): number {
  const size = Math.abs(cell.utility ?? 0)
  if (benchmark.kind === 'loss') return size
  const scale = shareScale(cell, benchmark)
  return scale === null ? size / Math.max(1e-9, Math.abs(cell.score)) : size / scale
}

/** 1 or 100 for a score that is a share; null for a rating and the like. */
function shareScale({ score }: Pick<MatrixCell, 'score'>, { kind, best }: Benchmark): number | null {
  if (kind !== 'accuracy' && kind !== 'rate') return null
  return (best ?? 0) > 1 || score > 1.0001 ? 100 : 1
}

export function stepOf(cell: Pick<MatrixCell, 'utility' | 'score'>, benchmark: Benchmark): 1 | 2 | 3 | 4 | 5 {
  const steps = benchmark.kind === 'loss' ? LOSS_STEPS : SCORE_STEPS
  const size = changeSize(cell, benchmark)
  return (1 + steps.filter((from) => size >= from - 1e-9).length) as 1 | 2 | 3 | 4 | 5
}

const PLAIN = { direction: null, step: null, sureness: null, corner: null } as const

/** @param hideUncertain empties cells whose change is not certain; what cannot be compared stays */
export function cellLook(cell: MatrixCell | null, benchmark: Benchmark, hideUncertain = false): CellLook {
  if (!cell) return { ...PLAIN, kind: 'missing' }
  if (cell.state === 'not_comparable') return { ...PLAIN, kind: 'hatched' }
  if (cell.utility === null) return { ...PLAIN, kind: hideUncertain ? 'empty' : 'plain' }
  const sureness = surenessOf(cell)
  if (hideUncertain && sureness !== 'certain') return { ...PLAIN, kind: 'empty' }
  const corner = cornerOf(cell)
  if (cell.utility === 0) return { ...PLAIN, kind: 'same', corner }
  return {
    kind: 'change',
    direction: cell.utility < 0 ? 'lost' : 'gained',
    step: stepOf(cell, benchmark),
    sureness,
    corner,
  }
}

function surenessOf({ state }: MatrixCell): Sureness {
  if (state === 'forgot' || state === 'improved') return 'certain'
  return state === 'no_interval' ? 'no_interval' : 'uncertain'
}

function cornerOf({ budget, utility, tolerance, changeLow }: MatrixCell): CellLook['corner'] {
  if (budget === 'fail') return 'filled'
  if (budget !== 'warn' || utility === null || tolerance === null || utility >= -tolerance) return null
  return changeLow === null ? 'filled' : 'outlined'
}

/** True when the change of a cell is certain. */
export const isCertain = (cell: MatrixCell | null): boolean =>
  cell !== null && (cell.state === 'forgot' || cell.state === 'improved')
