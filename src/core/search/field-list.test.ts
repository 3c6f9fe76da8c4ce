import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fields, SMALL_VOCABULARY } from '#test/factories/searches.ts'
import { fieldText } from './field.ts'
import { splitFields, splitSort } from './field-list.ts'

test('a comma inside back-ticks belongs to the key', () => {
  expect(splitFields('name, config.`a,b`,metrics.`c\\`,d`.min,,')).toEqual([
    'name',
    'config.`a,b`',
    'metrics.`c\\`,d`.min',
  ])
  expect(splitSort('-metrics.loss,name')).toEqual([
    { field: 'metrics.loss', direction: 'desc' },
    { field: 'name', direction: 'asc' },
  ])
})

test('fields joined with commas are read as the same fields', async () => {
  const vocabulary = { ...SMALL_VOCABULARY, configKeys: ['a,b', 'c`,d', 'e\\', ' f ', 'lr'] }
  await fc.assert(
    fc.property(fc.array(fields(vocabulary)), (list) => {
      const texts = list.map(fieldText)
      expect(splitFields(texts.join(','))).toEqual(texts)
    }),
  )
})
