import { expect, test } from 'vitest'
import { formatMoney, placesFor } from './money.ts'

test.each([
  ['1240.4', 'USD', '$1,240'],
  ['12.306', 'EUR', '€12.31'],
  ['0.31', 'EUR', '€0.31'],
  ['0.0049777', 'USD', '$0.0050'],
  ['0.000412', 'USD', '$0.00041'],
  ['3.2', 'CHF', 'CHF 3.20'],
  ['0', 'USD', '$0'],
  ['-3.5', 'USD', '−$3.50'],
])('%s %s is read as %s', (amount, currency, words) => {
  expect(formatMoney({ amount, currency })).toBe(words)
})

test('a column has the places of its largest amount', () => {
  expect(placesFor(['0.00261', '0.0004'])).toBe(6)
  expect(placesFor(['5576000', '3'])).toBe(2)
  expect(formatMoney({ amount: '0.00046', currency: 'USD' }, 5)).toBe('$0.00046')
})
