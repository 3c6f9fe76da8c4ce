/** Learning against forgetting: each run is a point (target, retention), both higher is better. */

export interface ParetoPoint {
  id: string
  learn: number
  retain: number
}

export interface ParetoSplit {
  /** Ids in ascending order, as those of `front`. */
  dominated: string[]
  front: string[]
}

/** Splits runs by whether another is at least as good on both axes and better on one. Equal points do not dominate each other. */
export function paretoSplit(points: readonly ParetoPoint[]): ParetoSplit {
  const isDominated = (p: ParetoPoint) =>
    points.some((q) => q.learn >= p.learn && q.retain >= p.retain && (q.learn > p.learn || q.retain > p.retain))
  const ids = (list: readonly ParetoPoint[]) => list.map(({ id }) => id).sort()
  return { dominated: ids(points.filter(isDominated)), front: ids(points.filter((p) => !isDominated(p))) }
}

/** A run with the 95 % intervals of both axes. */
export interface ParetoInterval extends ParetoPoint {
  learnLow: number | null
  learnHigh: number | null
  retainLow: number | null
  retainHigh: number | null
}

/**
 * True when `a` certainly dominates `b`: its whole interval lies at or above the other's on both axes, and above on one. Without
 * both intervals of both runs nothing is claimed.
 */
export function certainlyDominates(a: ParetoInterval, b: ParetoInterval): boolean {
  const { learnLow, retainLow } = a
  const { learnHigh, retainHigh } = b
  if (learnLow === null || retainLow === null || learnHigh === null || retainHigh === null) return false
  return learnLow >= learnHigh && retainLow >= retainHigh && (learnLow > learnHigh || retainLow > retainHigh)
}

/**
 * Retention at equal learning, for methods that were measured along training: straight between the two neighbours whose target
 * scores enclose `learn`; where the series passes it several times, the first time. Null outside of what was measured.
 *
 * @param series of one method in the order of training
 */
export function retentionAtLearning(
  series: readonly Pick<ParetoPoint, 'learn' | 'retain'>[],
  learn: number,
): number | null {
  for (const [i, to] of series.entries()) {
    if (to.learn === learn) return to.retain
    const from = series[i - 1]
    if (!from || (from.learn - learn) * (to.learn - learn) > 0) continue
    return from.retain + ((learn - from.learn) / (to.learn - from.learn)) * (to.retain - from.retain)
  }
  return null
}
