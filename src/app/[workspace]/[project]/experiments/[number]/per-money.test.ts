import { describe, expect, test } from 'vitest'
import { formatRate, perReadable } from './per-money.ts'

const rate = { currency: 'USD', value: 80_000_000, low: 60_000_000, high: 100_000_000, reason: null }

describe('what money bought', () => {
  test('of a stage that cost 0.00044 USD is told per 0.0001 USD, and per 1,000 on the hover', () => {
    const told = perReadable(rate, '0.00044', 'points')
    expect(told).toMatchObject({ term: 'Gain per 0.0001 USD', low: 6, high: 10 })
    expect(told.value).toBeCloseTo(8, 9)
    expect(told.exact).toBe(
      'The stage cost 0.00044 USD. Per 1,000 USD, far more than the stage cost, the same rate is 80,000,000 points.',
    )
  })
  test('of a stage that cost 250 USD is told per 1,000', () =>
    expect(perReadable({ ...rate, value: 40, low: null, high: null }, '250', 'points')).toMatchObject({
      term: 'Gain per 1,000 USD',
      value: 40,
      low: null,
    }))
  test('without a cost stays without a number', () =>
    expect(
      perReadable({ currency: null, value: null, low: null, high: null, reason: 'no price' }, null, 'points'),
    ).toEqual({ term: 'Gain per 1,000 of money', value: null, low: null, high: null, exact: undefined }))
  test.each([
    [8.04, '+8.0'],
    [-0.123, '−0.12'],
    [1234.5, '+1,235'],
  ])('%s reads %s', (value, words) => expect(formatRate(value)).toBe(words))
})
