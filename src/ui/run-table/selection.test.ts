import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isSelected,
  NOTHING_SELECTED,
  readSelection,
  select,
  selectedCount,
  toggleSelected,
  writeSelection,
} from './selection.ts'

test('an address names the selected runs, or all that match but some', () => {
  expect(isSelected(readSelection('3,5-9'), 7)).toBe(true)
  expect(isSelected(readSelection('3,5-9'), 4)).toBe(false)
  expect(isSelected(readSelection('all'), 4)).toBe(true)
  expect(isSelected(readSelection('all-but-4,6'), 4)).toBe(false)
})

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.uniqueArray(fc.integer({ min: 1, max: 500 })), (isAll, numbers) => {
      const selection = isAll
        ? { kind: 'all' as const, except: new Set(numbers) }
        : { kind: 'some' as const, numbers: new Set(numbers) }
      const text = writeSelection(selection)
      expect(writeSelection(readSelection(text))).toBe(text)
    }),
  )
})

test('a run that is toggled twice is as it was', () => {
  fc.assert(
    fc.property(fc.constantFrom('', '2,4', 'all', 'all-but-2'), fc.integer({ min: 1, max: 6 }), (text, number) => {
      const selection = readSelection(text)
      const once = toggleSelected(selection, number)
      expect(isSelected(once, number)).toBe(!isSelected(selection, number))
      expect(writeSelection(toggleSelected(once, number))).toBe(text)
    }),
  )
})

test('all that match are counted without being listed, and those that were taken out are not', () => {
  expect(selectedCount(readSelection('all'), 100_000)).toBe(100_000)
  expect(selectedCount(readSelection('all-but-1-3'), 100_000)).toBe(99_997)
  expect(selectedCount(NOTHING_SELECTED, 10)).toBe(0)
})

test('a range is selected, and taken back', () => {
  const selection = select(NOTHING_SELECTED, [3, 4, 5], true)
  expect(writeSelection(selection)).toBe('3-5')
  expect(writeSelection(select(selection, [4], false))).toBe('3,5')
  expect(writeSelection(select(readSelection('all'), [4], false))).toBe('all-but-4')
})

test('a text that is no list selects nothing', () => {
  expect(readSelection('9-2,x')).toEqual(NOTHING_SELECTED)
})
