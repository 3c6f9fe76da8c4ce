import { decimal } from './money.ts'

/** From this cost on gains are told per 1,000, as is usual. */
const THOUSAND_FROM = 100
const THOUSAND = 1000

/**
 * The amount of money per which a gain is told: 1,000 where the stage cost at least 100; below that the power of ten at or below its
 * cost, so that no rate tells of more than a tenfold of what was paid. A convention of this product.
 *
 * @param cost decimal string above 0
 * @returns the unit in the same currency; null for a cost of 0
 * @throws RangeError for a negative cost
 */
export function readableUnit(cost: string): number | null {
  const amount = Number(decimal(cost, 'cost'))
  if (amount < 0) throw new RangeError(`cost must not be negative, got ${cost}`)
  if (amount === 0) return null
  if (amount >= THOUSAND_FROM) return THOUSAND
  // The exponent of the printed number, since a logarithm of 0.001 may fall short of −3.
  return Number(`1e${amount.toExponential().split('e')[1]}`)
}
