import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRunRanges, writeRunRanges } from './run-ranges.ts'

test('what is written is read back: each number once, ascending', () =>
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (numbers) => {
      expect(readRunRanges(writeRunRanges(numbers), 400)).toEqual([...new Set(numbers)].sort((a, b) => a - b))
    }),
  ))

test.each([
  ['1-3,7', [1, 2, 3, 7]],
  ['7,1-3,2', [1, 2, 3, 7]],
  ['5', [5]],
])('%s names %j', (text, numbers) => expect(readRunRanges(text, 10)).toEqual(numbers))

test.each([
  ['', ''],
  ['1,', ''],
  ['0', '0'],
  ['3-1', '3-1'],
  ['1-11', '1-11'],
  ['1-9,10,11', '11'],
  ['1-99999999999', '1-99999999999'],
  ['a', 'a'],
  ['1 ,2', '1 '],
])('of "%s" the part "%s" is at fault', (text, wrong) => expect(readRunRanges(text, 10)).toEqual({ wrong }))

test('neighbours become a range, and nothing is an empty text', () =>
  expect([writeRunRanges([3, 1, 2, 9, 2]), writeRunRanges([])]).toEqual(['1-3,9', '']))
