/** What kept checkpoints cost: gigabytes × months × price. */
import { decimal, plain } from './money.ts'

/** Storage is sold by the gigabyte of 10⁹ bytes. */
export const BYTES_PER_GB = 1_000_000_000

/** Gigabytes of some bytes, exact. */
export const gigabytes = (bytes: number): string => plain(decimal(String(bytes)).div(BYTES_PER_GB))

/**
 * What bytes cost in a month.
 *
 * @param perGbMonth price of a gigabyte kept for a month, decimal string
 * @throws RangeError for negative bytes, or a price that is no decimal of 0 or more
 */
export function storedPerMonth(bytes: number, perGbMonth: string): string {
  if (!(Number.isInteger(bytes) && bytes >= 0)) throw new RangeError(`bytes must be a count, got ${bytes}`)
  const price = decimal(perGbMonth, 'price of a GB-month')
  if (price.lt(0)) throw new RangeError(`price of a GB-month must not be negative, got ${perGbMonth}`)
  return plain(price.times(bytes).div(BYTES_PER_GB))
}
