import { BUILT_IN_PRICES } from '#src/core/cost/built-in-prices.ts'
import { dayOf } from '#src/core/cost/days.ts'
import { checkedPrice, type PriceRecord, priceAt } from '#src/core/cost/price-book.ts'
import { type CurrencyRate, checkedRate } from '#src/core/cost/rates.ts'
import { listBooks, lockBooks } from '#src/db/queries/cost/books.ts'
import { insertPrices, listPrices } from '#src/db/queries/cost/prices.ts'
import { insertRates, listRates } from '#src/db/queries/cost/rates.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import type { Scope } from '#src/db/scope.ts'
import type { BookImported, PriceBook, PriceBookFile, PriceInput, RateInput } from '#src/protocol/prices.ts'
import { actorName } from '#src/services/actor.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { newUid } from '#src/services/new-uid.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'
import { checked, DEFAULT_BOOK, rateOf, recordOf, viewPrice } from './book.ts'

interface InBook {
  workspace?: string | undefined
  book: string
}

/**
 * A price book: the built-in prices and the workspace's own, each with source and dates, and the rates. `in_use` marks the records that
 * price something today.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getPriceBook(ctx: Context, input: InBook): Promise<PriceBook> {
  const { scope } = await openWorkspace(ctx, input, 'cost:read')
  const [prices, rates, books] = await Promise.all([
    listPrices(ctx.db, scope, input.book, null),
    listRates(ctx.db, scope, input.book, null),
    listBooks(ctx.db, scope),
  ])
  const own = prices.map((row) => ({ record: recordOf(row), id: row.uid, recordedAt: instantOf(row.createdAt) }))
  const all = [...BUILT_IN_PRICES.map((record) => ({ record, id: null, recordedAt: null })), ...own]
  const records = all.map(({ record }) => record)
  const today = dayOf(ctx.services.now().getTime())
  const used = new Set(
    records.flatMap((record) => {
      const answer = priceAt(records, record, today)
      return answer.kind === 'known' ? [answer.record] : []
    }),
  )
  return {
    book: input.book,
    books: [...new Set([DEFAULT_BOOK, ...books])].sort(),
    prices: all.map(({ record, id, recordedAt }) => ({
      ...viewPrice(record),
      id,
      recorded_at: recordedAt,
      in_use: used.has(record),
    })),
    rates: rates.map((row) => ({ ...rateOf(row), id: row.uid, recorded_at: instantOf(row.createdAt) })),
    may_write: permissionsIn(ctx.actor, scope)?.includes('price:write') ?? false,
  }
}

/**
 * Records prices and rates. What was there stays: a new price of the same device goes before the older one from its day on, and totals
 * that were reckoned with the older one can still be read.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` (field and value; nothing is written)
 */
export async function addPrices(
  ctx: Context,
  input: InBook & { prices: readonly PriceInput[]; rates: readonly RateInput[] },
): Promise<PriceBook> {
  const { scope } = await openWorkspace(ctx, input, 'price:write')
  if (input.prices.length + input.rates.length === 0)
    throw invalid('/prices', 'prices or rates must hold at least one record, got none.')
  const prices = input.prices.map((price, i) => checked(`/prices/${i}`, () => checkedPrice(recordOfInput(price))))
  const rates = input.rates.map((rate, i) => checked(`/rates/${i}`, () => checkedRate(rate)))
  await inTransaction(ctx, (tx) => record(tx, scope, input.book, prices, rates))
  return getPriceBook(ctx, input)
}

/**
 * Takes a book from its file form: what is there already, built-in prices included, is left as it is; the rest is recorded in the order of
 * the file. An export that is imported exports the same again.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` (record, field and value; nothing is written)
 */
export async function importPriceBook(ctx: Context, input: InBook & { file: PriceBookFile }): Promise<BookImported> {
  const { scope } = await openWorkspace(ctx, input, 'price:write')
  const { file } = input
  const prices = file.prices.map((price, i) => checked(`/prices/${i}`, () => checkedPrice(recordOfInput(price))))
  const rates = file.rates.map((rate, i) => checked(`/rates/${i}`, () => checkedRate(rate)))
  return inTransaction(ctx, async (tx) => {
    await lockBooks(tx.db, scope)
    const [pricesThere, ratesThere] = await Promise.all([
      listPrices(tx.db, scope, input.book, null),
      listRates(tx.db, scope, input.book, null),
    ])
    const newPrices = without(prices, [...BUILT_IN_PRICES, ...pricesThere.map(recordOf)])
    const newRates = without(rates, ratesThere.map(rateOf))
    await record(tx, scope, input.book, newPrices, newRates)
    return {
      prices_added: newPrices.length,
      rates_added: newRates.length,
      unchanged: prices.length + rates.length - newPrices.length - newRates.length,
    }
  })
}

/**
 * The records of a book: built-in prices first, then the workspace's in the order in which they were recorded.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function exportPriceBook(
  ctx: Context,
  input: InBook,
): Promise<{ prices: PriceRecord[]; rates: CurrencyRate[] }> {
  const { scope } = await openWorkspace(ctx, input, 'cost:read')
  const [prices, rates] = await Promise.all([
    listPrices(ctx.db, scope, input.book, null),
    listRates(ctx.db, scope, input.book, null),
  ])
  return { prices: [...BUILT_IN_PRICES, ...prices.map(recordOf)], rates: rates.map(rateOf) }
}

async function record(
  tx: Context,
  scope: Scope,
  book: string,
  prices: readonly PriceRecord[],
  rates: readonly CurrencyRate[],
): Promise<void> {
  const createdBy = actorName(tx.actor)
  await insertPrices(
    tx.db,
    scope,
    prices.map(({ origin: _, ...price }) => ({ ...price, uid: newUid(tx), book, createdBy })),
  )
  await insertRates(
    tx.db,
    scope,
    rates.map(({ from, to, rate, on, source }) => ({
      uid: newUid(tx),
      book,
      fromCurrency: from,
      toCurrency: to,
      rate,
      onDay: on,
      source,
      createdBy,
    })),
  )
}

const recordOfInput = (price: PriceInput): PriceRecord => ({
  device: price.device,
  provider: price.provider ?? null,
  region: price.region ?? null,
  commitment: price.commitment ?? null,
  currency: price.currency,
  low: price.low ?? null,
  typical: price.typical ?? null,
  high: price.high ?? null,
  paid: price.paid ?? null,
  assumed: price.assumed,
  source: price.source,
  pricedOn: price.priced_on ?? null,
  validFrom: price.valid_from ?? null,
  validTo: price.valid_to ?? null,
  origin: 'workspace',
})

/** The records that are not among those there, each as often as it is more often; equality is of what they say. */
function without<T extends object>(records: readonly T[], there: readonly T[]): T[] {
  const left = new Map<string, number>()
  for (const one of there) left.set(said(one), (left.get(said(one)) ?? 0) + 1)
  return records.filter((one) => {
    const n = left.get(said(one)) ?? 0
    if (n > 0) left.set(said(one), n - 1)
    return n === 0
  })
}

const said = (record: object): string =>
  JSON.stringify(
    Object.entries(record)
      .filter(([field]) => field !== 'origin')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
