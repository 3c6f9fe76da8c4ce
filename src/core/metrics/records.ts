import type { PointGroup } from './packed-batch.ts'

/** A record that was left out. `step` is given where one point, and not the whole key, was refused. */
export interface Rejection {
  key: string
  reason: 'invalid_key' | 'invalid_step' | 'invalid_time' | 'invalid_value'
  step?: number
}

/** What a body holds: `points` counts the values in `groups`; keys are as kept (NFC). */
export interface ReadBatch {
  groups: PointGroup<string>[]
  points: number
  rejected: Rejection[]
}

/** A body whose shape cannot be read at all, so that no record of it can be told apart. */
export class BatchShapeError extends Error {
  override readonly name = 'BatchShapeError'
  /** JSON pointer into the body. */
  readonly pointer: string
  constructor(pointer: string, message: string) {
    super(message)
    this.pointer = pointer
  }
}

/** A body with more points than one batch may have. */
export class BatchSizeError extends Error {
  override readonly name = 'BatchSizeError'
  readonly points: number
  constructor(points: number) {
    super(`${points} points`)
    this.points = points
  }
}

/** The words for values that JSON has no number for. */
export const NON_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

/** The number, null for absent, or why it is refused. */
export function readValue(value: unknown): number | null | 'invalid_value' {
  if (value === null) return null
  // A number that JSON wrote beyond the range of a double arrives as Infinity: nobody meant that.
  if (typeof value === 'number') return Number.isFinite(value) ? value : 'invalid_value'
  if (typeof value === 'string' && Object.hasOwn(NON_FINITE, value)) return NON_FINITE[value] as number
  return 'invalid_value'
}

/** An integer from 0 below 2^53. */
export const isStep = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** Milliseconds from 0; a fraction is rounded off. */
export const isTime = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER

/** Names a refused record; the step only where it is a number. */
export function rejection(key: string, reason: Rejection['reason'], step: unknown): Rejection {
  return typeof step === 'number' && Number.isFinite(step) ? { key, reason, step } : { key, reason }
}
