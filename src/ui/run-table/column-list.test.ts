import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ChosenColumn,
  changeColumn,
  moveColumn,
  moveColumnTo,
  readColumns,
  splitList,
  toggleColumn,
  writeColumns,
} from './column-list.ts'

const plain = (field: string): ChosenColumn => ({ field, isPinned: false, width: null })
const fields = (columns: readonly ChosenColumn[]) => columns.map((one) => one.field).join(' ')

test('an address names columns, which are pinned and how wide they are', () => {
  expect(readColumns('state,metrics.loss.min!@90')).toEqual([
    plain('state'),
    { field: 'metrics.loss.min', isPinned: true, width: 90 },
  ])
})

test('commas and marks inside back-ticks belong to a key', () => {
  expect(readColumns('metrics.`a,b!@99`.min@120')).toEqual([
    { field: 'metrics.`a,b!@99`.min', isPinned: false, width: 120 },
  ])
  expect(splitList('tag, config.`x,y` ,')).toEqual(['tag', 'config.`x,y`'])
})

test('a column that is named twice is there once, and a width stays within reason', () => {
  expect(readColumns('cost@10,cost,tokens@900').map((one) => [one.field, one.width])).toEqual([
    ['cost', 44],
    ['tokens', 640],
  ])
})

test('what is written is read again', () => {
  const field = fc.oneof(
    fc.stringMatching(/^[a-z][a-zA-Z0-9_/.-]{0,20}$/),
    fc.stringMatching(/^config\.`[a-z ,!@0-9]{1,12}`$/),
  )
  const column = fc.record({ field, isPinned: fc.boolean(), width: fc.option(fc.integer({ min: 44, max: 640 })) })
  fc.assert(
    fc.property(fc.uniqueArray(column, { selector: (one) => one.field }), (columns) => {
      expect(readColumns(writeColumns(columns))).toEqual(columns)
    }),
  )
})

test('a column moves among its like by steps, and to the place of any other', () => {
  const columns = readColumns('a!,b,c,d!,e')
  expect(fields(moveColumn(columns, 'b', 1))).toBe('a c b d e')
  expect(fields(moveColumn(columns, 'a', 1))).toBe('b c d a e')
  expect(moveColumn(columns, 'e', 1)).toBe(columns)
  expect(fields(moveColumnTo(columns, 'e', 'b'))).toBe('a e b c d')
  expect(moveColumnTo(columns, 'e', 'a')[0]).toEqual({ field: 'e', isPinned: true, width: null })
})

test('columns are chosen, left out, pinned and made wider', () => {
  const columns = readColumns('a,b')
  expect(fields(toggleColumn(columns, 'c'))).toBe('a b c')
  expect(fields(toggleColumn(columns, 'a'))).toBe('b')
  expect(writeColumns(changeColumn(columns, 'b', { isPinned: true, width: 80 }))).toBe('a,b!@80')
})
