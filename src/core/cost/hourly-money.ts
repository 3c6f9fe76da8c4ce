/** Money over time: what priced hardware takes an hour, in one currency. */
import type { HourlySpan } from '../metrics/x-axis.ts'
import { dayOf } from './days.ts'
import { decimal } from './money.ts'
import { type CurrencyRate, rateAt } from './rates.ts'
import type { Segment } from './segments.ts'

/** A stretch of time with its money; null: it has none, and why, in words that end a sentence. */
export type PricedSpan = Omit<HourlySpan, 'perHour'> & ({ perHour: number; why: null } | { perHour: null; why: string })

/**
 * What each segment takes an hour, turned by the rate of its first day where its price is in another currency.
 *
 * @param isOpen true for an allocation that is still held: its last segment goes on
 */
export function hourlyMoney(
  segments: readonly Segment[],
  currency: string,
  rates: readonly CurrencyRate[],
  isOpen: (allocationId: number) => boolean,
): PricedSpan[] {
  return segments.map(({ allocation, startMs, endMs, price }): PricedSpan => {
    const span = { startMs, endMs: endMs === allocation.endMs && isOpen(allocation.id) ? null : endMs }
    if (price.kind === 'unknown')
      return { ...span, perHour: null, why: `there is no price for ${price.device} on ${price.on}` }
    const perHour = decimal(price.perHour).times(allocation.count)
    if (price.currency === currency) return { ...span, perHour: perHour.toNumber(), why: null }
    const found = rateAt(rates, price.currency, currency, dayOf(startMs))
    return found
      ? { ...span, perHour: perHour.times(found.factor).toNumber(), why: null }
      : { ...span, perHour: null, why: `there is no rate from ${price.currency} to ${currency} on ${dayOf(startMs)}` }
  })
}

/**
 * The spans that begin before a time, or why there is money among them that is not known.
 *
 * @param untilMs absent: all of them
 */
export function knownMoney(
  spans: readonly PricedSpan[],
  untilMs = Number.POSITIVE_INFINITY,
): { taken: HourlySpan[] } | { why: string } {
  const taken: HourlySpan[] = []
  for (const { startMs, endMs, perHour, why } of spans) {
    if (startMs >= untilMs) continue
    if (perHour === null) return { why }
    taken.push({ startMs, endMs, perHour })
  }
  return { taken }
}

/** The currency in which most runs have a price; of equal ones the first by its code. Null where nothing has one. */
export function currencyOfMost(byRun: Iterable<readonly Segment[]>): string | null {
  const counts = new Map<string, number>()
  for (const segments of byRun)
    for (const currency of new Set(segments.flatMap(({ price }) => (price.kind === 'known' ? [price.currency] : []))))
      counts.set(currency, (counts.get(currency) ?? 0) + 1)
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0] ?? null
}
