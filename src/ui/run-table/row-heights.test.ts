import { expect, test } from 'vitest'
import { HEAD_HEIGHT, LIST_ROWS_MAX, listHeight, listRowsHeight, ROW_HEIGHT } from './row-heights.ts'

test('what holds the place of a list is as high as the list with the bar above it', () => {
  for (const runs of [0, 1, 5, 12, 5000])
    expect(listHeight(runs) - listRowsHeight(runs)).toBe(listHeight(0) - listRowsHeight(0))
})

test('a list grows with its rows, has room for a menu, and scrolls from a number of rows on', () => {
  expect(listRowsHeight(5) - listRowsHeight(4)).toBe(ROW_HEIGHT)
  expect(listRowsHeight(0)).toBe(listRowsHeight(1))
  expect(listRowsHeight(LIST_ROWS_MAX)).toBe(listRowsHeight(5000))
  expect(listRowsHeight(0)).toBeGreaterThan(HEAD_HEIGHT + 2 * ROW_HEIGHT)
})

test('rows that stay on top are added to those that scroll', () =>
  expect(listRowsHeight(5000, 42, 2) - listRowsHeight(5000, 42)).toBe(84))
