/**
 * After how many tokens a score was reached. Of a curve measured at a few checkpoints the crossing lies between two of them: where both
 * are on one curve and both say their tokens it is taken on the straight line between them, as learning curves are read; else only the
 * checkpoint itself is known. The first crossing counts, though a later checkpoint may have lost it again. Tokens per second are another
 * thing and are told apart: a method may be faster per token and need more of them.
 */

/** A measured checkpoint of a curve, in the order of training. */
export interface CurvePoint {
  /** Tokens behind it; null: not told. */
  tokens: number | null
  score: number
  /** Whether it goes on from the point before it: one protocol, one metric. */
  isJoined: boolean
}

export type TargetReached =
  /** `atMost`: the crossing lies before these tokens, and no comparable checkpoint before it says how far. */
  | { state: 'reached'; tokens: number; atMost: boolean; point: number }
  /** The curve begins at or beyond the target. */
  | { state: 'at_start'; tokens: number | null; point: number }
  /** A checkpoint reached it that does not say its tokens. */
  | { state: 'tokens_unknown'; point: number }
  | { state: 'never'; best: number; point: number }
  | { state: 'not_measured' }

/**
 * The first place of a curve at which a score is as good as the target.
 *
 * @param points in the order of training; the first one is where the curve starts, such as the checkpoint that a stage began from
 * @param startsBefore whether the first point is that start: then reaching the target there is no work of the curve. A start that the
 *   next point does not go on from, as it was measured by another protocol, says nothing of the curve and does not count.
 */
export function tokensToTarget(
  points: readonly CurvePoint[],
  target: number,
  { higherIsBetter, startsBefore }: { higherIsBetter: boolean; startsBefore: boolean },
): TargetReached {
  const isThere = (score: number) => (higherIsBetter ? score >= target : score <= target)
  const from = startsBefore && points[1]?.isJoined === false ? 1 : 0
  const at = points.findIndex(({ score }, i) => i >= from && isThere(score))
  const found = points[at]
  if (!found) return bestOf(points, from, higherIsBetter)
  if (at === 0 && startsBefore) return { state: 'at_start', tokens: found.tokens, point: 0 }
  if (found.tokens === null) return { state: 'tokens_unknown', point: at }
  const before = points[at - 1]
  if (!before || !found.isJoined || before.tokens === null || before.tokens > found.tokens)
    return { state: 'reached', tokens: found.tokens, atMost: found.score !== target, point: at }
  const share = (target - before.score) / (found.score - before.score)
  return {
    state: 'reached',
    tokens: before.tokens + share * (found.tokens - before.tokens),
    atMost: false,
    point: at,
  }
}

function bestOf(points: readonly CurvePoint[], from: number, higherIsBetter: boolean): TargetReached {
  const sign = higherIsBetter ? 1 : -1
  const best = points.reduce(
    (found, { score }, i) => (i > from && sign * score > sign * (points[found]?.score ?? 0) ? i : found),
    from,
  )
  const point = points[best]
  return point ? { state: 'never', best: point.score, point: best } : { state: 'not_measured' }
}
