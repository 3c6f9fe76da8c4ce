import { normalBelow } from '../evaluations/distributions.ts'

/** Beyond this many standard deviations nothing is added. */
const EDGE = 12
const STEPS = 2400

/**
 * The expected maximum d_k of k standard normals: the best of k equally good ancestors looks better than they are by about
 * d_k·σ, and forgetting against it is too large by as much. 0 for one.
 *
 *   d_k = ∫₀^∞ (1 − Φ(x)^k) dx − ∫_{−∞}^0 Φ(x)^k dx, by Simpson's rule over ±12
 *
 * @throws RangeError when k is no whole number from 1 on
 */
export function selectionEffect(k: number): number {
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`k must be a whole number of at least 1, got ${k}`)
  if (k === 1) return 0
  const at = (x: number) => 1 - normalBelow(x) ** k - normalBelow(-x) ** k
  const width = EDGE / STEPS
  let sum = at(0) + at(EDGE)
  for (let i = 1; i < STEPS; i++) sum += (i % 2 === 1 ? 4 : 2) * at(i * width)
  return (sum * width) / 3
}
