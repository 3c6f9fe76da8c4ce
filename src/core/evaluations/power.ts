/**
 * What a benchmark of a size can show. z-sum = z_{1−α/2} + z_{power}, 2.80 at α 0.05 and power 0.8 (its square is 7.8489).
 */
import { normalBelow, normalQuantile } from './distributions.ts'
import { ALPHA } from './read-change.ts'

/** Share of true differences that should be found. */
export const POWER = 0.8

const zSum = (alpha: number, power: number): number => normalQuantile(1 - alpha / 2) + normalQuantile(power)

/** Spread of item differences and of the answers to one item, in squared units of the score. */
export interface Variances {
  /** ω²: variance of the true difference between items. */
  between: number
  /** σ²_A, σ²_B: variance of one answer of a model to one item, over decoding. */
  withinA: number
  withinB: number
  /** K_A, K_B: answers per item, at least 1. */
  samplesA: number
  samplesB: number
}

/**
 * Items that show a difference δ in a share `power` of all comparisons, rounded up: Miller 2024 (arXiv 2411.00640), eq. 9,
 * `n = z-sum² (ω² + σ²_A/K_A + σ²_B/K_B) / δ²`.
 *
 * @throws RangeError for a difference of 0
 */
export function sampleSize(difference: number, of: Variances, alpha = ALPHA, power = POWER): number {
  if (difference === 0) throw new RangeError('delta is 0; no number of items shows a difference of 0.')
  const variance = of.between + of.withinA / of.samplesA + of.withinB / of.samplesB
  return Math.ceil((zSum(alpha, power) ** 2 * variance) / difference ** 2)
}

const Z_SUM = zSum(ALPHA, POWER)

/** The smallest difference that a comparison with this standard error shows in four of five cases, in the unit of `se`. */
export const minimumDetectable = (se: number): number => Z_SUM * se

/**
 * The same on n paired 0/1 items, as a fraction: `z-sum · sqrt(disc/n)`.
 *
 * @param discordant share of items on which the two models differ, 0…1
 */
export const minimumDetectableBinary = (n: number, discordant: number): number =>
  minimumDetectable(Math.sqrt(discordant / n))

/** Chance that a true difference is found at level α, two-sided, by a comparison with this standard error (both in one unit). */
export function powerOf(difference: number, se: number, alpha = ALPHA): number {
  const width = normalQuantile(1 - alpha / 2)
  const shift = Math.abs(difference) / se
  return normalBelow(shift - width) + normalBelow(-shift - width)
}
