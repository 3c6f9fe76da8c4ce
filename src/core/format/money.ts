import type { Money } from '../cost/money.ts'

const SYMBOLS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥', INR: '₹', KRW: '₩' }

/** Below this many whole units cents are told. */
const WHOLE_FROM = 1_000

/** How an amount is written before its digits: `$`, `€`, `CHF `. */
export const currencySign = (currency: string): string => SYMBOLS[currency] ?? `${currency} `

/**
 * Money for reading: $1,240, €12.31, $0.0050, CHF 3.20. Without `places` whole units from 1,000 on, cents from 1 on, below that two
 * significant digits, four places at least where there is anything. The exact amount belongs in a title.
 */
export function formatMoney({ amount, currency }: Money, places?: number): string {
  const value = Number(amount)
  const size = Math.abs(value)
  const digits = places ?? (size >= WHOLE_FROM || size === 0 ? 0 : size >= 1 ? 2 : smallPlaces(size))
  const printed = size.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return `${value < 0 ? '−' : ''}${currencySign(currency)}${printed}`
}

const smallPlaces = (size: number): number => Math.min(12, Math.max(2, 1 - Math.floor(Math.log10(size))))

/** Places with which a column of amounts is written, so that its largest has about four significant digits. */
export function placesFor(amounts: readonly string[]): number {
  const most = Math.max(0, ...amounts.map((amount) => Math.abs(Number(amount))))
  return most === 0 ? 2 : Math.min(8, Math.max(2, 3 - Math.floor(Math.log10(most))))
}
