import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readKeyList, writeKeyList } from './key-list.ts'

test('keys stand with commas between, and may hold one', () => {
  expect(readKeyList('train/loss,lr')).toEqual(['train/loss', 'lr'])
  expect(readKeyList('a\\,b,c\\\\d')).toEqual(['a,b', 'c\\d'])
})

test('a list that was written is read back', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 })), (keys) => {
      expect(readKeyList(writeKeyList(keys))).toEqual(keys)
    }),
  )
})
