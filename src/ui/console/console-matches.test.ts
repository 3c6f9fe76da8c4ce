import { expect, test } from 'vitest'
import { nearestBefore } from './console-matches.ts'

test('a search begins at the last place at or before what is in sight', () => {
  expect(nearestBefore([3, 8, 20], 19)).toBe(1)
  expect(nearestBefore([3, 8, 20], 20)).toBe(2)
  expect(nearestBefore([3, 8, 20], 1)).toBe(0)
  expect(nearestBefore([], 1)).toBe(0)
})
