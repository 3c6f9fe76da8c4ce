import { expect, test } from 'vitest'
import { parseSearch } from '#src/core/search/parse-search.ts'
import { stageSearch } from './stage-search.ts'

test.each([
  ['cpt', [3, 1], 'stage = cpt'],
  ['sft "v2"', [1], 'stage = "sft \\"v2\\""'],
  ['merge', [9, 4], 'stage = merge and number in (4, 9)'],
  ['merge', [], 'stage = merge'],
])('the runs of the stage %s are found by a search that can be read', (slug, runs, search) => {
  expect(stageSearch(slug, runs)).toBe(search)
  expect(parseSearch(search).kind).toBe('ok')
})
