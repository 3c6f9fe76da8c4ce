import { scoreOfA, type Winner } from './battles.ts'

export const ELO_K = 4
const START = 1000
const SCALE = 400

/**
 * Elo ratings as a table that is brought up to date battle by battle has them. They depend on the order of the battles and have no
 * interval, so they stand beside Bradley–Terry and rank nobody.
 *
 *   E = 1 / (1 + 10^((R_b − R_a)/400)),   R_a += K(S − E),   R_b −= K(S − E),   K = 4, start 1000
 *
 * @param battles in the order in which they are counted; a tie is half a win
 * @returns ratings by model; their mean is 1000
 *
 * Source: the online form of arXiv 2403.04132.
 */
export function onlineElo(battles: readonly { a: string; b: string; winner: Winner }[]): Map<string, number> {
  const ratings = new Map<string, number>()
  for (const { a, b, winner } of battles) {
    const [ratingA, ratingB] = [ratings.get(a) ?? START, ratings.get(b) ?? START]
    const expected = 1 / (1 + 10 ** ((ratingB - ratingA) / SCALE))
    const step = ELO_K * (scoreOfA(winner) - expected)
    ratings.set(a, ratingA + step)
    ratings.set(b, ratingB - step)
  }
  return ratings
}
