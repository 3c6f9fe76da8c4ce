import { expect, test } from 'vitest'
import { formatCount, formatExactCount } from './count.ts'

test.each([
  [0, '0'],
  [41, '41'],
  [999, '999'],
  [1_000, '1.00k'],
  [936_192, '936k'],
  [999_950, '1.00M'],
  [1_146_880, '1.15M'],
  [7_241_732_096, '7.24B'],
  [15_600_000_000_000, '15.6T'],
  [Number.MAX_SAFE_INTEGER, '9007T'],
  [-1_500, '−1.50k'],
  [12.34, '12.3'],
])('%d prints as %s', (count, printed) => {
  expect(formatCount(count)).toBe(printed)
})

test('the exact count has commas', () => {
  expect(formatExactCount(936192)).toBe('936,192')
})
