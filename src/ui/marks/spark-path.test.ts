import { expect, test } from 'vitest'
import { sparkPath } from './spark-path.ts'

test('the highest value touches the top and the lowest the bottom', () => {
  expect(sparkPath([0, 1, 2], [3, 1, 2], 12, 12)).toBe('M1.0 1.0L6.0 11.0L11.0 6.0')
})

test('a null is a gap, not a line to zero', () => {
  expect(sparkPath([0, 1, 2, 3], [1, null, 2, 1], 12, 12)).toBe('M1.0 11.0M7.7 1.0L11.0 11.0')
})

test('NaN is a gap and does not spoil the scale', () => {
  expect(sparkPath([0, 1, 2], [1, Number.NaN, 2], 12, 12)).toBe('M1.0 11.0M11.0 1.0')
})

test('a flat line lies in the middle', () => {
  expect(sparkPath([0, 1], [5, 5], 12, 12)).toBe('M1.0 6.0L11.0 6.0')
})

test('nothing to draw gives an empty path', () => {
  expect(sparkPath([], [], 12, 12)).toBe('')
  expect(sparkPath([0], [null], 12, 12)).toBe('')
})
