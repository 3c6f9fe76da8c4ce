/** From held hardware to the course of spending over time: lanes of stages with their stretches, and the running total. Pure. */
import type { CostPiece } from '#src/protocol/cost-parts.ts'
import type { UnitChoice } from './cost-units.ts'

export interface SpendingLane {
  experiment: number
  pieces: { piece: CostPiece; fromMs: number; toMs: number }[]
}

export interface Spending {
  fromMs: number
  toMs: number
  /** Stages in the order in which they began. */
  lanes: SpendingLane[]
  /** Corners of the running total: between two of them it rises evenly. */
  running: { ms: number; value: number }[]
  /** Pieces without a price, which the total lacks. */
  unpriced: number
}

/** What a piece is in a unit; null: not known. Only time and money are told of pieces. */
export function pieceIn(piece: CostPiece, choice: UnitChoice): number | null {
  if (choice.unit !== 'money') return piece.device_hours
  return piece.amount !== null && piece.currency === choice.currency ? Number(piece.amount) : null
}

/** Null without any piece. */
export function prepareSpending(pieces: readonly CostPiece[], choice: UnitChoice): Spending | null {
  const timed = pieces
    .map((piece) => ({ piece, fromMs: Date.parse(piece.from), toMs: Date.parse(piece.to) }))
    .sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs)
  const [first] = timed
  if (!first) return null
  const lanes = new Map<number, SpendingLane>()
  for (const one of timed) {
    const { experiment } = one.piece
    const lane = lanes.get(experiment) ?? { experiment, pieces: [] }
    lane.pieces.push(one)
    lanes.set(experiment, lane)
  }
  const valued = timed.map((one) => ({ ...one, value: pieceIn(one.piece, choice) }))
  return {
    fromMs: first.fromMs,
    toMs: Math.max(...timed.map(({ toMs }) => toMs)),
    lanes: [...lanes.values()],
    running: runningTotal(valued),
    unpriced: valued.filter(({ value }) => value === null).length,
  }
}

/** The rate changes where a piece begins or ends; one of no length is a step. */
function runningTotal(pieces: readonly { fromMs: number; toMs: number; value: number | null }[]): Spending['running'] {
  const turns = new Map<number, { rate: number; step: number }>()
  const turn = (ms: number) => {
    const known = turns.get(ms) ?? { rate: 0, step: 0 }
    turns.set(ms, known)
    return known
  }
  for (const { fromMs, toMs, value } of pieces) {
    if (value === null) continue
    if (toMs <= fromMs) {
      turn(fromMs).step += value
      continue
    }
    const rate = value / (toMs - fromMs)
    turn(fromMs).rate += rate
    turn(toMs).rate -= rate
  }
  const corners: Spending['running'] = []
  let [value, rate, before] = [0, 0, 0]
  for (const [ms, change] of [...turns].sort(([a], [b]) => a - b)) {
    value += corners.length === 0 ? 0 : rate * (ms - before)
    corners.push({ ms, value })
    if (change.step > 0) {
      value += change.step
      corners.push({ ms, value })
    }
    rate += change.rate
    before = ms
  }
  return corners
}
