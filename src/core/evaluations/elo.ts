/** Points by which a model that wins ten times as often stands above another: `400 · log10(odds)`. */
export const ELO_SCALE = 400
/** The rating of the anchor. */
export const ELO_START = 1000

/**
 * Expected score of a against b, `1/(1 + 10^((R_b − R_a)/400))`, and both ratings after one battle, `R += K(S − E)`
 * (Elo; Chatbot Arena takes K = 4). It depends on the order of battles: for display only, Bradley–Terry for conclusions.
 *
 * @param score of a: 1 won, 0.5 tied, 0 lost
 */
export function eloUpdate(a: number, b: number, k: number, score: number): { expected: number; a: number; b: number } {
  const expected = 1 / (1 + 10 ** ((b - a) / ELO_SCALE))
  const change = k * (score - expected)
  return { expected, a: a + change, b: b - change }
}

/**
 * Ranks with ties: 1 + the number of models whose interval lies wholly above one's own (Chiang et al. 2024, arXiv 2403.04132).
 *
 * @returns ranks parallel to `models`
 */
export const ranksOf = (models: readonly { low: number; high: number }[]): number[] =>
  models.map((own) => 1 + models.filter((other) => other.low > own.high).length)
