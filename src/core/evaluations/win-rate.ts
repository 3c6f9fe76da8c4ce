import { ELO_SCALE } from './elo.ts'
import { wilson } from './wilson.ts'

/** How often one model is preferred to another. */
export interface WinRate {
  /** Share of battles won, ties as half, with Wilson's 95 % interval. */
  share: number
  low: number
  high: number
  /** `400 · log10(p/(1−p))`: Bradley–Terry of two models; null when one side won every battle. */
  rating: number | null
  /** `(400/ln 10)/sqrt(n·p(1−p))`: too wide where there are ties; null as `rating`. */
  ratingSe: number | null
}

/**
 * The win rate of one model over another (Bradley and Terry 1952; Chiang et al. 2024, arXiv 2403.04132). Several judgements of one
 * prompt are no independent battles: average them first, or take `meanError` over clusters.
 *
 * @throws RangeError without a battle
 */
export function winRate(wins: number, losses: number, ties = 0): WinRate {
  const n = wins + losses + ties
  if (n === 0) throw new RangeError('wins, losses and ties are all 0; there was no battle.')
  const share = (wins + ties / 2) / n
  const decided = share > 0 && share < 1
  return {
    share,
    ...wilson(share, n),
    rating: decided ? ELO_SCALE * Math.log10(share / (1 - share)) : null,
    ratingSe: decided ? ELO_SCALE / Math.LN10 / Math.sqrt(n * share * (1 - share)) : null,
  }
}
