import { expect, test } from 'vitest'
import { readChartSearch } from './search-charts.ts'

const finds = (pattern: string, name: string) => {
  const search = readChartSearch(pattern)
  return search.kind === 'some' && search.matches(name)
}

test('a pattern finds anywhere in a name, in any case unless it has a capital', () => {
  expect(finds('loss$', 'train/Loss')).toBe(true)
  expect(finds('Loss$', 'train/loss')).toBe(false)
  expect(finds('^layer\\D', 'Layer/x')).toBe(true)
  expect(finds('acc|bpb', 'eval/bpb')).toBe(true)
})

test('nothing asked keeps all, and what cannot be read says what was expected', () => {
  expect(readChartSearch('  ').kind).toBe('all')
  const wrong = readChartSearch('(a')
  expect(wrong.kind === 'wrong' && wrong.expected).toBeTruthy()
})
