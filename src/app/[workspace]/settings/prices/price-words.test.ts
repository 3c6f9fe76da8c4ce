import { describe, expect, test } from 'vitest'
import { type BookPrice, bookSentence, priceWords, standingWords, validWords, whereWords } from './price-words.ts'

const price = (more: Partial<BookPrice> = {}): BookPrice => ({
  device: 'L4',
  provider: null,
  region: null,
  commitment: null,
  currency: 'USD',
  low: null,
  typical: '1',
  high: null,
  paid: null,
  assumed: false,
  source: 'a list',
  priced_on: null,
  valid_from: null,
  valid_to: null,
  origin: 'workspace',
  id: null,
  recorded_at: null,
  in_use: true,
  ...more,
})

test('a book says how many prices are in use, whose they are and what is assumed', () => {
  expect(bookSentence({ prices: [price({ origin: 'built_in', assumed: true })] })).toBe(
    '1 price per device-hour in use, none of your own, 1 assumed.',
  )
  expect(bookSentence({ prices: [price(), price(), price({ in_use: false })] })).toBe(
    '2 prices per device-hour in use, 2 of your own.',
  )
})

test('a price says where it holds', () => {
  expect(whereWords(price())).toBe('anywhere')
  expect(whereWords(price({ provider: 'GCP', commitment: 'spot' }))).toBe('GCP · spot')
})

describe('a price says when it holds', () => {
  test.each([
    [{}, 'any day'],
    [{ valid_from: '2026-01-01' }, 'from 2026-01-01'],
    [{ valid_to: '2026-02-01' }, 'up to 2026-02-01'],
    [{ valid_from: '2026-01-01', valid_to: '2026-02-01' }, '2026-01-01 up to 2026-02-01'],
  ])('%j: %s', (more, words) => expect(validWords(price(more))).toBe(words))
})

describe('a price that is not in use says why', () => {
  test.each([
    [{ valid_to: '2026-02-01' }, 'ended'],
    [{ valid_from: '2026-04-01' }, 'to come'],
    [{}, 'replaced'],
  ])('%j: %s', (more, words) => expect(standingWords(price({ ...more, in_use: false }), '2026-03-01')).toBe(words))
})

test.each([
  ['3', '3.00'],
  ['0.4', '0.40'],
  ['0.0625', '0.0625'],
])('a price of %s reads %s', (amount, words) => expect(priceWords(amount)).toBe(words))
