/** A benchmark of a retention set on one model: its score between chance and best (`normalise`), with its standard error. */
export interface KeptScore {
  category: string
  score: number
  /** Null: missing. */
  se: number | null
}

export interface MeanScore {
  mean: number
  /** Null where one of them has none. */
  se: number | null
}

/**
 * The mean retention score of a model: within each category first, then across categories, so that ten benchmarks of one kind do not
 * outvote the others. `SE = sqrt(Σ w_b² se_b²)` with `w_b = 1 / (categories · benchmarks of its category)`. Null of nothing.
 */
export function meanScore(scores: readonly KeptScore[]): MeanScore | null {
  const sizes = new Map<string, number>()
  for (const { category } of scores) sizes.set(category, (sizes.get(category) ?? 0) + 1)
  if (sizes.size === 0) return null
  const weight = (category: string) => 1 / (sizes.size * (sizes.get(category) ?? 1))
  const mean = scores.reduce((sum, { category, score }) => sum + weight(category) * score, 0)
  const variance = scores.reduce<number | null>(
    (sum, { category, se }) => (sum === null || se === null ? null : sum + (weight(category) * se) ** 2),
    0,
  )
  return { mean, se: variance === null ? null : Math.sqrt(variance) }
}
