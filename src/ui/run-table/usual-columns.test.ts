import { expect, test } from 'vitest'
import { usualColumns } from './usual-columns.ts'

const fields = (keys: readonly (string | null)[]) => usualColumns(keys).map(({ field }) => field)

test('the usual columns show the loss under the name that most runs log', () => {
  expect(fields(['train/loss', 'loss', 'train/loss', null])).toContain('metrics.train/loss.min')
  expect(fields([])).toContain('metrics.loss')
})

test('a name that the grammar would misread stands in back-ticks', () => {
  expect(fields(['val.min'])).toContain('metrics.`val.min`')
})
