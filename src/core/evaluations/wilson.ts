import { Z95 } from './distributions.ts'

/**
 * Wilson's 95 % interval of a share (Wilson 1927).
 *
 * @param share of successes, 0…1
 * @param n trials, at least 1
 * @throws RangeError outside that domain
 */
export function wilson(share: number, n: number): { low: number; high: number } {
  if (!(n >= 1) || !(share >= 0 && share <= 1)) throw new RangeError(`no Wilson interval of ${share} of ${n}`)
  const z2 = Z95 * Z95
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n)
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
