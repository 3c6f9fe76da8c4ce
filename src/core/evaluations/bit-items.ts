/**
 * 0/1 items without clusters and trials as bits: item i is bit `i & 31` of word `i >> 5`; bits beyond the last item are 0. What
 * `scoreInterval` and `changeBetween` say of the same items follows from counts of bits, ten thousand times as fast.
 */
import { Z95 } from './distributions.ts'
import type { Flips } from './flips.ts'
import { binaryChange } from './paired-binary.ts'
import type { ChangeEstimate } from './paired-change.ts'
import type { ScoreInterval } from './score-interval.ts'
import { needsWilson } from './share-interval.ts'
import { wilson } from './wilson.ts'

/** How many bits of a word are set. */
export function popcount(word: number): number {
  let v = word - ((word >>> 1) & 0x5555_5555)
  v = (v & 0x3333_3333) + ((v >>> 2) & 0x3333_3333)
  return Math.imul((v + (v >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}

/** How many items are right. */
export function countRight(bits: Uint32Array): number {
  let right = 0
  for (let i = 0; i < bits.length; i++) right += popcount(bits[i] as number)
  return right
}

/** How the verdicts of the same `n` items changed. */
export function countBitFlips(before: Uint32Array, after: Uint32Array, n: number): Flips {
  let lost = 0
  let gained = 0
  let both = 0
  for (let i = 0; i < after.length; i++) {
    const [was, is] = [before[i] as number, after[i] as number]
    lost += popcount(was & ~is)
    gained += popcount(is & ~was)
    both += popcount(was & is)
  }
  return { lost, gained, kept_right: both, kept_wrong: n - both - lost - gained }
}

/**
 * The 95 % interval of `right` of `n` items: Wilson if n < 100 or the share lies within 5 points of 0 or 1, else ± 1.96 SE.
 *
 * @param scale 100 when the score is given in points
 */
export function bitInterval(right: number, n: number, scale: 1 | 100): ScoreInterval {
  if (n < 2) return { low: null, high: null, se: null, note: 'one item has no standard error', method: 'none' }
  const share = right / n
  const se = Math.sqrt((share * (1 - share)) / (n - 1)) * scale
  if (!needsWilson(share, n))
    return { low: share * scale - Z95 * se, high: share * scale + Z95 * se, se, note: null, method: 'normal' }
  const { low, high } = wilson(share, n)
  return { low: low * scale, high: high * scale, se, note: null, method: 'Wilson' }
}

/** The paired change of 0/1 items with McNemar's exact p; n at least 2. */
export function bitChange(flips: Pick<Flips, 'lost' | 'gained'>, n: number, scale: 1 | 100): ChangeEstimate {
  const { lost, gained } = flips
  const of = binaryChange(n, lost, gained)
  const [change, se] = [of.delta * scale, (of.se ?? 0) * scale]
  return {
    change,
    se,
    low: change - Z95 * se,
    high: change + Z95 * se,
    p: of.p,
    pairedN: n,
    moved: { lost, gained, same: n - lost - gained },
    detectable: of.detectable * scale,
    method: `paired, McNemar exact: ${lost} lost, ${gained} gained`,
  }
}
