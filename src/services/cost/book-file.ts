import { bookFromCsv, bookToCsv } from '#src/core/cost/price-book-csv.ts'
import { type BookImported, PriceBookFile } from '#src/protocol/prices.ts'
import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'
import { checked, viewPrice } from './book.ts'
import { exportPriceBook, importPriceBook } from './price-book.ts'

interface InBook {
  workspace?: string | undefined
  book: string
  format: 'json' | 'csv'
}

/**
 * A price book as a file.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function writePriceBook(ctx: Context, input: InBook): Promise<{ name: string; text: string }> {
  const { prices, rates } = await exportPriceBook(ctx, input)
  const file: PriceBookFile = { format: 'descent-price-book', version: 1, prices: prices.map(viewPrice), rates }
  const text = input.format === 'csv' ? bookToCsv({ prices, rates }) : `${JSON.stringify(file, null, 2)}\n`
  return { name: `price-book-${input.book}.${input.format}`, text }
}

/**
 * Takes a price book from the text of a file.
 *
 * @throws Refusal as `importPriceBook`; `invalid_request` for a text that is no such file, with the place in it
 */
export async function readPriceBook(ctx: Context, input: InBook & { text: string }): Promise<BookImported> {
  await openWorkspace(ctx, input, 'price:write')
  const file = input.format === 'csv' ? fromCsv(input.text) : fromJson(input.text)
  return importPriceBook(ctx, { workspace: input.workspace, book: input.book, file })
}

function fromCsv(text: string): PriceBookFile {
  const { prices, rates } = checked('', () => bookFromCsv(text))
  return { format: 'descent-price-book', version: 1, prices: prices.map(viewPrice), rates }
}

function fromJson(text: string): PriceBookFile {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw invalid('', `The file is no JSON: ${(error as Error).message}`)
  }
  const read = PriceBookFile.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const pointer = `/${(issue?.path ?? []).map(String).join('/')}`
  throw invalid(pointer, `${pointer}: ${issue?.message ?? 'not valid'}`)
}
