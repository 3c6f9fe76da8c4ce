/** Rates between currencies, each with its day and its source. Money of two currencies is added only through one of these. */
import { checkedDay } from './days.ts'
import { checkedCurrency, type Decimal, decimal, plain } from './money.ts'

/** One unit of `from` is worth `rate` units of `to` from the day `on` until the next record of the pair. */
export interface CurrencyRate {
  from: string
  to: string
  /** A decimal above 0. */
  rate: string
  /** YYYY-MM-DD. */
  on: string
  source: string
}

/**
 * The rate as it is kept.
 *
 * @throws RangeError for an unknown currency, two equal ones, a rate of 0 or below, no day or no source; the message names field and value
 */
export function checkedRate(rate: CurrencyRate): CurrencyRate {
  const [from, to] = [checkedCurrency(rate.from, 'from'), checkedCurrency(rate.to, 'to')]
  if (from === to) throw new RangeError(`a rate joins two currencies, got ${from} twice`)
  const value = decimal(rate.rate, 'rate')
  if (value.lte(0)) throw new RangeError(`rate must be above 0, got ${rate.rate}`)
  if (!rate.source.trim()) throw new RangeError('source must say where the rate comes from, got nothing')
  return { from, to, rate: plain(value), on: checkedDay(rate.on, 'on'), source: rate.source.trim() }
}

/**
 * What one unit of `from` is worth in `to` on a day: the newest record of the pair, either way round, of that day or before; of records
 * of one day the last in the list. Null when there is none: rates are never chained.
 */
export function rateAt(
  rates: readonly CurrencyRate[],
  from: string,
  to: string,
  on: string,
): { factor: Decimal; rate: CurrencyRate } | null {
  let best: CurrencyRate | null = null
  for (const rate of rates) {
    const isPair = (rate.from === from && rate.to === to) || (rate.from === to && rate.to === from)
    if (isPair && rate.on <= on && (best === null || rate.on >= best.on)) best = rate
  }
  if (!best) return null
  return { factor: best.from === from ? decimal(best.rate) : decimal(1).div(best.rate), rate: best }
}
