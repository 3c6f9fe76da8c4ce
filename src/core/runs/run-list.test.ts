import { expect, test } from 'vitest'
import { readRunList, writeRunList } from './run-list.ts'

test('numbers, ranges and names stand in one list', () => {
  expect(readRunList('1-100,205,0190c2a0')).toEqual({
    ranges: [
      [1, 100],
      [205, 205],
    ],
    names: ['0190c2a0'],
  })
})

test.each([
  ['5-1', '5-1'],
  ['1,2-1', '2-1'],
  ['9999999999', '9999999999'],
])('%s names what is wrong', (text, wrong) => expect(readRunList(text)).toEqual({ wrong }))

test('numbers are written as ranges, and not without end', () => {
  expect(writeRunList([1, 2, 3, 7, 9, 10], 9)).toBe('1-3,7,9-10')
  expect(writeRunList([1, 3, 5], 2)).toBe('1,3,...')
  expect(writeRunList([], 2)).toBe('')
})
