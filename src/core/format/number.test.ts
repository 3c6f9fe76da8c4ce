import { expect, test } from 'vitest'
import { formatChange, formatMark, formatNumber, formatPercent, formatValue } from './number.ts'

test.each([
  [0.101, '+0.101'],
  [-0.683, '−0.683'],
  [0.0001, '0.000'],
  [-0.0001, '0.000'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '−∞'],
])('a change of %d prints as %s', (value, printed) => {
  expect(formatChange(value)).toBe(printed)
})

test.each([
  [2.31642, '2.316'],
  [0.0025, '0.0025'],
  [0.00000012, '1.20e−7'],
  [12345.67, '12,345.7'],
  [12345, '12,345'],
  [2187706, '2,187,706'],
  [-2187706.4, '−2,187,706'],
  [-1.5, '−1.5'],
  [0, '0'],
])('a metric of %d prints as %s', (value, printed) => {
  expect(formatValue(value)).toBe(printed)
})

test.each([
  [0, '0'],
  [12_000, '12,000'],
  [-1_250, '−1,250'],
  [0.000_25, '0.00025'],
  [0.1 + 0.2, '0.3'],
])('the mark of %s is %s', (value, words) => {
  expect(formatMark(value)).toBe(words)
})

test('numbers have a real minus, shares a spaced percent sign', () => {
  expect(formatNumber(-2, 1)).toBe('−2.0')
  expect(formatPercent(0.333)).toBe('33 %')
  expect(formatPercent(0.004)).toBe('0.4 %')
})
