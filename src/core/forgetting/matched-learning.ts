/** What a checkpoint had learned and what it had kept, both as utilities: more is better. */
export interface Learned {
  target: number
  kept: number
}

/** The way of one method from its parent on, in the order of training. */
export interface LearningWay {
  name: string
  points: readonly Learned[]
}

export interface Matched {
  name: string
  /** Interpolated at the level; null where the method never reached it. */
  kept: number | null
}

/**
 * Compares methods at equal learning: a method that learned less has also forgotten less, which says nothing for it.
 *
 *   kept(t) = kₐ + (t − tₐ) / (t_b − tₐ) · (k_b − kₐ)
 *
 * where a and b are the first neighbouring points of a way between which the target passes the level t.
 *
 * @param level  of the target; without it the highest that every way reaches
 * @returns null when fewer than two ways have a point, or no level is common to them
 * Source  arXiv 2405.09673 (LoRA learns less and forgets less), its figure of forgetting at equal learning
 */
export function matchedLearning(
  ways: readonly LearningWay[],
  level?: number,
): { level: number; methods: Matched[] } | null {
  const begun = ways.filter((way) => way.points.length > 0)
  if (begun.length < 2) return null
  const highest = Math.min(...begun.map((way) => Math.max(...way.points.map((p) => p.target))))
  const lowest = Math.max(...begun.map((way) => Math.min(...way.points.map((p) => p.target))))
  if (level === undefined && highest < lowest) return null
  const t = level ?? highest
  return { level: t, methods: begun.map((way) => ({ name: way.name, kept: keptAt(way.points, t) })) }
}

function keptAt(points: readonly Learned[], t: number): number | null {
  for (const [i, b] of points.entries()) {
    if (b.target === t) return b.kept
    const a = points[i - 1]
    if (!a || (a.target - t) * (b.target - t) > 0) continue
    return a.kept + ((t - a.target) / (b.target - a.target)) * (b.kept - a.kept)
  }
  return null
}
