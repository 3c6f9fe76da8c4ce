import { Z95 } from './distributions.ts'
import { wilson } from './wilson.ts'

/** Below this many items an interval of a share is Wilson's … */
const SMALL_N = 100
/** … and so it is within 5 points of 0 or 1. */
const NEAR_EDGE = 0.05

/** True where the normal interval of a share covers too little: few items, or a share near 0 or 1. */
export const needsWilson = (share: number, n: number): boolean =>
  n < SMALL_N || share <= NEAR_EDGE || share >= 1 - NEAR_EDGE

/**
 * Standard error of a share of independent 0/1 items, known by n alone: `sqrt(p(1−p)/n)`. From items it is the n−1 form of
 * `meanError`.
 *
 * @param share 0…1
 * @param n items, at least 1
 * @throws RangeError outside that domain
 */
export function binomialError(share: number, n: number): number {
  if (!(n >= 1) || !(share >= 0 && share <= 1)) throw new RangeError(`no standard error of a share ${share} of ${n}`)
  return Math.sqrt((share * (1 - share)) / n)
}

/**
 * The 95 % interval of a share known by its n: Wilson's where `needsWilson`, else share ± 1.96 SE.
 *
 * @throws RangeError as `binomialError`
 */
export function shareInterval(
  share: number,
  n: number,
): { se: number; low: number; high: number; method: 'wilson' | 'normal' } {
  const se = binomialError(share, n)
  return needsWilson(share, n)
    ? { se, ...wilson(share, n), method: 'wilson' }
    : { se, low: share - Z95 * se, high: share + Z95 * se, method: 'normal' }
}
