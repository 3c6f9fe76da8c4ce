/** The price book on the wire: prices and rates with source and date; none is ever changed. */
import * as z from 'zod'
import { BookName, Currency, Day, DecimalText, Word } from './money-words.ts'
import { Count, Instant, Slug, Uid } from './words.ts'

/** One price per device-hour with where it comes from. */
export const Price = z
  .object({
    device: Word,
    provider: Word.nullable(),
    region: Word.nullable(),
    commitment: Word.nullable().meta({ description: 'on-demand, spot, reserved-1y …; null: any' }),
    currency: Currency,
    low: z.string().nullable(),
    typical: z.string().nullable(),
    high: z.string().nullable(),
    paid: z.string().nullable().meta({ description: 'what is really paid; goes before typical' }),
    assumed: z.boolean(),
    source: z.string(),
    priced_on: Day.nullable(),
    valid_from: Day.nullable(),
    valid_to: Day.nullable().meta({ description: 'the first day on which it no longer holds' }),
    origin: z.enum(['built_in', 'workspace']),
  })
  .meta({ id: 'Price' })
export type Price = z.infer<typeof Price>

export const PriceInput = z
  .object({
    device: Word,
    provider: Word.nullish(),
    region: Word.nullish(),
    commitment: Word.nullish(),
    currency: Currency,
    low: DecimalText.nullish(),
    typical: DecimalText.nullish(),
    high: DecimalText.nullish(),
    paid: DecimalText.nullish(),
    assumed: z.boolean().default(false),
    source: z.string().max(1000),
    priced_on: Day.nullish(),
    valid_from: Day.nullish(),
    valid_to: Day.nullish(),
  })
  .meta({ id: 'PriceInput' })
export type PriceInput = z.infer<typeof PriceInput>

/** A rate between two currencies: one `from` is worth `rate` of `to`. */
export const Rate = z
  .object({ from: Currency, to: Currency, rate: z.string(), on: Day, source: z.string() })
  .meta({ id: 'Rate' })
export type Rate = z.infer<typeof Rate>

export const RateInput = z
  .object({ from: Currency, to: Currency, rate: DecimalText, on: Day, source: z.string().max(1000) })
  .meta({ id: 'RateInput' })
export type RateInput = z.infer<typeof RateInput>

export const PriceBook = z
  .object({
    book: Slug,
    /** All books of the workspace. */
    books: z.array(Slug),
    prices: z.array(Price.extend({ id: Uid.nullable(), recorded_at: Instant.nullable(), in_use: z.boolean() })),
    rates: z.array(Rate.extend({ id: Uid, recorded_at: Instant })),
    may_write: z.boolean(),
  })
  .meta({ id: 'PriceBook' })
export type PriceBook = z.infer<typeof PriceBook>

/** The file form of a book: the same for export and import. */
export const PriceBookFile = z
  .object({
    format: z.literal('descent-price-book'),
    version: z.literal(1),
    prices: z.array(PriceInput.extend({ origin: z.enum(['built_in', 'workspace']).default('workspace') })).max(20_000),
    rates: z.array(RateInput).max(20_000).default([]),
  })
  .meta({ id: 'PriceBookFile' })
export type PriceBookFile = z.infer<typeof PriceBookFile>

export const BookQuery = z.object({ book: BookName })

export const BookAdd = z.object({
  book: BookName,
  prices: z.array(PriceInput).max(1000).default([]),
  rates: z.array(RateInput).max(1000).default([]),
})

export const BookExportQuery = z.object({ book: BookName, format: z.enum(['json', 'csv']).default('json') })

export const BookImported = z.object({
  prices_added: Count,
  rates_added: Count,
  unchanged: Count.meta({ description: 'records that were there already' }),
})
export type BookImported = z.infer<typeof BookImported>

/** A price that totals were reckoned with. */
export const PriceUse = Price.extend({ device_hours: z.number(), per_hour: z.string(), on: Day })
export type PriceUse = z.infer<typeof PriceUse>
