import { wilson } from '../evaluations/wilson.ts'
import type { Judgement } from './battles.ts'

/** How often the answer that was shown first won: half, where the order does not sway the raters. */
export interface FirstShown {
  /** Battles that told the order and were decided. */
  decided: number
  share: number
  low: number
  high: number
}

/** Null where no decided battle told which answer was shown first. */
export function firstShown(battles: readonly Judgement[]): FirstShown | null {
  const told = battles.filter(({ first, winner }) => first !== null && winner !== 'tie')
  if (told.length === 0) return null
  const share = told.filter(({ first, winner }) => first === winner).length / told.length
  return { decided: told.length, share, ...wilson(share, told.length) }
}
