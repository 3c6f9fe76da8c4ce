/** The distributions that intervals and p need. Arguments outside their domain give NaN. */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import normalQuantileOf from '@stdlib/stats-base-dists-normal-quantile'
import tCdf from '@stdlib/stats-base-dists-t-cdf'
import tQuantileOf from '@stdlib/stats-base-dists-t-quantile'

export { Z95 } from './z95.ts'

/** The standard normal value below which a share lies. */
export const normalQuantile = (share: number): number => normalQuantileOf(share, 0, 1)

/** The share of a standard normal below z. */
export const normalBelow = (z: number): number => normalCdf(z, 0, 1)

/** Half width of a 95 % t interval with `df` degrees of freedom, in standard errors. */
export const t95 = (df: number): number => tQuantileOf(0.975, df)

/** Two-sided p of a t statistic. */
export const tTwoSided = (t: number, df: number): number => Math.min(1, 2 * tCdf(-Math.abs(t), df))

/** Two-sided p of a standard normal statistic. */
export const zTwoSided = (z: number): number => Math.min(1, 2 * normalBelow(-Math.abs(z)))
