import { BUILT_IN_PRICES } from '#src/core/cost/built-in-prices.ts'
import type { PriceRecord } from '#src/core/cost/price-book.ts'
import type { CurrencyRate } from '#src/core/cost/rates.ts'
import { listPrices, type PriceRow } from '#src/db/queries/cost/prices.ts'
import { listRates, type RateRow } from '#src/db/queries/cost/rates.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Price, Rate } from '#src/protocol/prices.ts'
import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'

/** The book that costs are reckoned with unless another is named. */
export const DEFAULT_BOOK = 'default'

/** A price book as it stood at a time: the built-in prices, then the workspace's in the order in which they were recorded. */
export interface LoadedBook {
  name: string
  /** Null: as it stands now. */
  asOf: string | null
  prices: readonly PriceRecord[]
  rates: readonly CurrencyRate[]
}

/** Reads a book of a workspace; one that nobody wrote to holds the built-in prices alone. */
export async function loadBook(
  ctx: Context,
  scope: Scope,
  { book, asOf }: { book: string; asOf: string | null },
): Promise<LoadedBook> {
  const [prices, rates] = await Promise.all([
    listPrices(ctx.db, scope, book, asOf),
    listRates(ctx.db, scope, book, asOf),
  ])
  return { name: book, asOf, prices: [...BUILT_IN_PRICES, ...prices.map(recordOf)], rates: rates.map(rateOf) }
}

/** A row as the rules take it. */
export const recordOf = (row: PriceRow): PriceRecord => ({
  device: row.device,
  provider: row.provider,
  region: row.region,
  commitment: row.commitment,
  currency: row.currency,
  low: row.low,
  typical: row.typical,
  high: row.high,
  paid: row.paid,
  assumed: row.assumed,
  source: row.source,
  pricedOn: row.pricedOn,
  validFrom: row.validFrom,
  validTo: row.validTo,
  origin: 'workspace',
})

/** A row as the rules take it. */
export const rateOf = (row: RateRow): CurrencyRate => ({
  from: row.fromCurrency,
  to: row.toCurrency,
  rate: row.rate,
  on: row.onDay,
  source: row.source,
})

/** A price as every door shows it. */
export const viewPrice = ({ pricedOn, validFrom, validTo, ...record }: PriceRecord): Price => ({
  ...record,
  priced_on: pricedOn,
  valid_from: validFrom,
  valid_to: validTo,
})

/** A rate as every door shows it. */
export const viewRate = (rate: CurrencyRate): Rate => ({ ...rate })

/**
 * What a rule gives; its refusal becomes one of the request.
 *
 * @throws Refusal `invalid_request` at `pointer`, or at the field below it with which the rule's sentence begins ("typical must …")
 */
export function checked<T>(pointer: string, rule: () => T): T {
  try {
    return rule()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const field = /^([a-z_]+) must /.exec(error.message)?.[1]
    throw invalid(field && !pointer.endsWith(`/${field}`) ? `${pointer}/${field}` : pointer, error.message)
  }
}
