import { describe, expect, test } from 'vitest'
import { gigabytes, storedPerMonth } from './stored.ts'

describe('what kept checkpoints cost', () => {
  test('an adapter of 80 MB and a model of 13.5 GB differ by their sizes', () => {
    expect(storedPerMonth(80_000_000, '0.023')).toBe('0.00184')
    expect(storedPerMonth(13_500_000_000, '0.023')).toBe('0.3105')
    expect(gigabytes(80_000_000)).toBe('0.08')
  })
  test('nothing kept costs nothing', () => expect(storedPerMonth(0, '0.023')).toBe('0'))
  test.each([
    [-1, '0.02', /-1/],
    [1, '-0.02', /-0\.02/],
    [1, 'cheap', /cheap/],
  ])('%s bytes at %s are refused by their value', (bytes, price, words) =>
    expect(() => storedPerMonth(bytes, price)).toThrow(words),
  )
})
