/** What a rate means on its own scale: what guessing (or knowing nothing) gives, and the best there can be. */
export interface ScoreScale {
  chance: number
  /** Above `chance` where higher is better, below it where lower is better. */
  best: number
}

/** A reference no further above chance than this has nothing that could be kept. */
export const RETAINABLE_MIN = 0.05

/**
 * A score between chance and best: `s = (x − c) / (m − c)`. 0 is chance, 1 is perfect, negative is below chance and stays so.
 * Serves both orientations. For rates and accuracies only; a loss has neither chance nor best.
 *
 * @throws RangeError when chance and best are the same
 */
export function normalise(score: number, { chance, best }: ScoreScale): number {
  if (best === chance) throw new RangeError(`chance and best must differ, both are ${best}`)
  return (score - chance) / (best - chance)
}

/**
 * How much of what a reference could do above chance is left: `ρ = s[v] / s[ref]`. Null (not defined) when `s[ref] ≤ 0.05`.
 *
 * @param own normalised score of the model
 * @param reference normalised score of the reference
 */
export const retentionRatio = (own: number, reference: number): number | null =>
  reference > RETAINABLE_MIN ? own / reference : null

/** The retention ratio of raw scores: `after / before` where higher is better and before is not 0; else null. */
export const rawRetention = (before: number, after: number, { chance, best }: ScoreScale): number | null =>
  best > chance && before !== 0 ? after / before : null
