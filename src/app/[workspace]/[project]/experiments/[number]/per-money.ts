/** What money bought in a stage, in an amount of money that suits what the stage cost. Pure. */
import { readableUnit } from '#src/core/cost/money-unit.ts'
import { formatChange } from '#src/core/format/number.ts'
import type { GainPerMoney } from '#src/protocol/lineage.ts'

const THOUSAND = 1000

export interface ReadableRate {
  /** "Gain per 0.0001 USD". */
  term: string
  value: number | null
  low: number | null
  high: number | null
  /** The cost and the exact rate per 1,000, for the hover. */
  exact: string | undefined
}

/**
 * A rate per 1,000 turned into one per an amount that was really paid: a toy that cost a tenth of a cent has a true rate per 1,000 of
 * millions of points, which nobody can read or buy.
 *
 * @param spent decimal string in the rate's currency; null: not known
 * @param unit word of the gain, such as points
 */
export function perReadable(rate: GainPerMoney, spent: string | null, unit: string): ReadableRate {
  const currency = rate.currency ?? 'of money'
  const per = spent === null ? null : readableUnit(spent)
  if (rate.value === null || per === null)
    return { term: `Gain per 1,000 ${currency}`, value: rate.value, low: rate.low, high: rate.high, exact: undefined }
  const scaled = (value: number | null) => (value === null ? null : (value * per) / THOUSAND)
  const stretch = per < THOUSAND ? ', far more than the stage cost' : ''
  return {
    term: `Gain per ${per.toLocaleString('en', { maximumFractionDigits: 12 })} ${currency}`,
    value: scaled(rate.value),
    low: scaled(rate.low),
    high: scaled(rate.high),
    exact: `The stage cost ${spent} ${currency}. Per 1,000 ${currency}${stretch}, the same rate is ${exactly(rate.value)} ${unit}.`,
  }
}

const exactly = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) >= 1000 ? 0 : 3 }).replace('-', '−')

/** "+8.1"; whole numbers with separators from 100 on. */
export function formatRate(value: number): string {
  const size = Math.abs(value)
  if (size < 100) return formatChange(value, size < 1 ? 2 : 1)
  return `${value < 0 ? '−' : '+'}${size.toLocaleString('en', { maximumFractionDigits: 0 })}`
}
