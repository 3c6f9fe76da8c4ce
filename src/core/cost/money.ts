/**
 * Money: a decimal string with a currency. Sums and products are exact decimals; a quotient is cut at 20 places. What leaves this room
 * has at most 12 places.
 */
import Big from 'big.js'
import { isCurrency } from './currencies.ts'

const PLACES = 12
const Exact = Big()
Exact.DP = 20

/** A sum of money, such as { amount: '12.5', currency: 'USD' }. */
export interface Money {
  /** Plain decimal notation, no exponent, no trailing zeros. */
  amount: string
  /** ISO 4217. */
  currency: string
}

export type Decimal = Big

/**
 * A decimal of a number or a decimal string.
 *
 * @throws RangeError when `value` is no finite decimal; `name` says whose value it is
 */
export function decimal(value: string | number | Big, name = 'value'): Decimal {
  try {
    return new Exact(value)
  } catch {
    throw new RangeError(`${name} must be a decimal number, got ${JSON.stringify(value)}`)
  }
}

/** The plain form of a decimal: at most 12 places, no exponent, no trailing zeros, no minus before zero. */
export function plain(value: Decimal): string {
  const text = value.round(PLACES).toFixed()
  return text === '-0' ? '0' : text
}

/**
 * A price or an amount as people write it, in its plain form.
 *
 * @throws RangeError when it is no decimal or negative; the message names the field and the value
 */
export function checkedAmount(value: string | number, name: string): string {
  const amount = decimal(value, name)
  if (amount.lt(0)) throw new RangeError(`${name} must not be negative, got ${value}`)
  return plain(amount)
}

/**
 * The currency itself.
 *
 * @throws RangeError when it is none of ISO 4217; the message names the field and the value
 */
export function checkedCurrency(currency: string, name = 'currency'): string {
  if (!isCurrency(currency))
    throw new RangeError(`${name} must be a currency of ISO 4217 such as USD or EUR, got ${JSON.stringify(currency)}`)
  return currency
}
