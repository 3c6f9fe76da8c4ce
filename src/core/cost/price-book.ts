/**
 * The price book: dated prices of device-hours. A record is never changed: a new price is a new record, and what was reckoned with the
 * older one can be read again by leaving out what was recorded since.
 */
import { checkedDay } from './days.ts'
import { checkedAmount, checkedCurrency, decimal } from './money.ts'

/** What one device-hour costs, where and when. */
export interface PriceRecord {
  /** The device by its name in the book, such as `H100 SXM` or `cpu-core`. */
  device: string
  /** Null: any provider, region or commitment. */
  provider: string | null
  region: string | null
  commitment: string | null
  currency: string
  /** List price per device-hour, decimal strings; null: not known. One of `typical` and `paid` is given. */
  low: string | null
  typical: string | null
  high: string | null
  /** What is really paid per device-hour, kept apart from the list price; null: not told. */
  paid: string | null
  /** True for a number that no price list says. */
  assumed: boolean
  source: string
  /** The day on which the source said so; null when it tells none. */
  pricedOn: string | null
  /** Days from … to (excluded) on which it holds; null: no end. */
  validFrom: string | null
  validTo: string | null
  /** Of the product itself, or of the workspace, whose records go first. */
  origin: 'built_in' | 'workspace'
}

/** What is sought in a price book. */
export interface PriceQuery {
  device: string
  provider: string | null
  region: string | null
  commitment: string | null
}

export type PriceAnswer =
  | {
      kind: 'known'
      record: PriceRecord
      currency: string
      /** Per device-hour: paid, else typical. */
      perHour: string
      low: string
      high: string
      assumed: boolean
    }
  | { kind: 'unknown'; device: string; on: string }

/**
 * The price of a device-hour on a day. Of the records that hold then and whose provider, region and commitment are those sought or
 * not told, the workspace's go before the built-in ones, then the one that tells most, then the latest `validFrom`, then the last in
 * the list. None: unknown, never 0.
 *
 * @param book in the order in which the records were made
 * @param on YYYY-MM-DD
 */
export function priceAt(book: readonly PriceRecord[], query: PriceQuery, on: string): PriceAnswer {
  let best: PriceRecord | null = null
  for (const record of book)
    if (fits(record, query) && holdsOn(record, on) && (best === null || !goesBefore(best, record))) best = record
  if (!best) return { kind: 'unknown', device: query.device, on }
  const perHour = best.paid ?? best.typical
  if (perHour === null) return { kind: 'unknown', device: query.device, on }
  const isPaid = best.paid !== null
  return {
    kind: 'known',
    record: best,
    currency: best.currency,
    perHour,
    low: isPaid ? perHour : (best.low ?? perHour),
    high: isPaid ? perHour : (best.high ?? perHour),
    assumed: best.assumed,
  }
}

/** True when a record could price what is sought on some day. */
export const fits = (record: PriceRecord, query: PriceQuery): boolean =>
  record.device === query.device &&
  (['provider', 'region', 'commitment'] as const).every(
    (field) => record[field] === null || record[field]?.toLowerCase() === query[field]?.toLowerCase(),
  )

/**
 * The record as it is kept.
 *
 * @throws RangeError for no device, an unknown currency, a negative or missing price, low > typical or typical > high, a day that is
 *   none, an end that is not after the begin, or no source; the message names the field and the value
 */
export function checkedPrice(record: PriceRecord): PriceRecord {
  const price = (field: 'low' | 'typical' | 'high' | 'paid') =>
    record[field] === null ? null : checkedAmount(record[field], field)
  const day = (field: 'pricedOn' | 'validFrom' | 'validTo', name: string) =>
    record[field] === null ? null : checkedDay(record[field], name)
  const word = (field: 'provider' | 'region' | 'commitment') => record[field]?.trim() || null
  const device = record.device.trim()
  if (!device) throw new RangeError('device must name what is priced, such as H100 SXM, got nothing')
  if (!record.source.trim())
    throw new RangeError(`source must say where the price of ${device} comes from, got nothing`)
  const checked: PriceRecord = {
    device,
    provider: word('provider'),
    region: word('region'),
    commitment: word('commitment'),
    currency: checkedCurrency(record.currency),
    low: price('low'),
    typical: price('typical'),
    high: price('high'),
    paid: price('paid'),
    assumed: record.assumed,
    source: record.source.trim(),
    pricedOn: day('pricedOn', 'priced_on'),
    validFrom: day('validFrom', 'valid_from'),
    validTo: day('validTo', 'valid_to'),
    origin: record.origin,
  }
  const { low, typical, high, paid, validFrom, validTo } = checked
  if (typical === null && paid === null)
    throw new RangeError(`typical or paid must give the price of ${device} per device-hour, got neither`)
  inOrder(device, 'low', low, 'typical', typical)
  inOrder(device, 'typical', typical, 'high', high)
  inOrder(device, 'low', low, 'high', high)
  if (validFrom !== null && validTo !== null && validTo <= validFrom)
    throw new RangeError(`valid_to must be after valid_from (${validFrom}), got ${validTo}`)
  return checked
}

function inOrder(device: string, less: string, a: string | null, more: string, b: string | null): void {
  if (a !== null && b !== null && decimal(a).gt(b))
    throw new RangeError(`${less} must not be above ${more} (${b}) for ${device}, got ${a}`)
}

const holdsOn = ({ validFrom, validTo }: PriceRecord, on: string): boolean =>
  (validFrom === null || validFrom <= on) && (validTo === null || on < validTo)

/** True when `a` is to be taken although `b` was made later. */
function goesBefore(a: PriceRecord, b: PriceRecord): boolean {
  const rank = (record: PriceRecord) => [
    record.origin === 'workspace' ? 1 : 0,
    [record.provider, record.region, record.commitment].filter((word) => word !== null).length,
  ]
  const [ra, rb] = [rank(a), rank(b)]
  for (let i = 0; i < ra.length; i++) if (ra[i] !== rb[i]) return (ra[i] as number) > (rb[i] as number)
  return (a.validFrom ?? '') > (b.validFrom ?? '')
}
