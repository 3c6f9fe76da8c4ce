import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BUILT_IN_PRICES } from './built-in-prices.ts'
import { bookFromCsv, bookToCsv } from './price-book-csv.ts'

const RATES = [{ from: 'EUR', to: 'USD', rate: '1.1', on: '2026-01-01', source: 'a bank, "mid"' }]

describe('a price book as CSV', () => {
  test('comes back as it was', () => {
    const book = { prices: [...BUILT_IN_PRICES], rates: RATES }
    expect(bookFromCsv(bookToCsv(book))).toEqual(book)
    expect(bookToCsv(bookFromCsv(bookToCsv(book)))).toBe(bookToCsv(book))
  })
  test('keeps any text of a source, quotes, line ends and formulas included', () =>
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: fc.constantFrom(...'a,"\n\r\'=+-@ é') }), (source) => {
        const [price] = BUILT_IN_PRICES
        const book = { prices: [{ ...price, source } as never], rates: [] }
        expect(bookFromCsv(bookToCsv(book))).toEqual(book)
      }),
    ))
  test('shows a spreadsheet no formula', () =>
    expect(bookToCsv({ prices: [], rates: [{ ...RATES[0], source: '=1+1' } as never] })).toContain(",'=1+1,"))
  test('may have its columns in any order, with line ends of any kind', () =>
    expect(
      bookFromCsv('source,record,rate,currency,to_currency,valid_from\na bank,rate,1.1,EUR,USD,2026-01-01').rates,
    ).toEqual([{ ...RATES[0], source: 'a bank' }]))
  test.each([
    ['nothing', '', 'must begin with a line of column names'],
    ['an unknown column', 'record,colour\n', 'column "colour" is not known'],
    ['no kind', 'device\nL4\n', 'must have a column "record"'],
    ['another kind', 'record,device\ncost,L4\n', 'record 1 must be price or rate, got "cost"'],
    ['a line of another length', 'record,device\nprice\n', 'record 1 must have 2 cells as the first line has, got 1'],
    ['an open quote', 'record,device\nprice,"L4\n', 'the file is no CSV at character'],
    [
      'no yes or no',
      'record,device,assumed\nprice,L4,maybe\n',
      'assumed of record 1 must be true or false, got "maybe"',
    ],
  ])('with %s is refused by line and value', (_, text, message) => expect(() => bookFromCsv(text)).toThrow(message))
})
