import { expect, test } from 'vitest'
import type { Benchmark } from '#src/protocol/evaluations.ts'
import { gainByWords, rowNotes, rowTitle, staleWords } from './fact-words.ts'

const benchmark = (more: Partial<Benchmark> = {}): Benchmark => ({
  ...{
    slug: 'b',
    name: 'B',
    category: 'knowledge',
    kind: 'accuracy',
    higher_is_better: true,
    chance: null,
    best: null,
  },
  ...{ unit: null, use: null, margin: null, twin: null, ...more },
})

test('a row says one thing, that it is out of date before which side of a task it is; its title says both', () => {
  const both = benchmark({ part: 'content', pair: 'form', valid_until: '2026-01-31' })
  expect(rowNotes(both, '2026-02-01')).toEqual(['out of date'])
  expect(rowNotes(both, '2026-01-31')).toEqual(['content'])
  expect(rowNotes(benchmark(), '2026-02-01')).toEqual([])
  expect(rowTitle(both, '2026-02-01')).toBe(
    ', the content of a task of which form measures the other side, its answers held until 2026-01-31',
  )
  expect(rowTitle(benchmark(), '2026-02-01')).toBe('')
})

test('answers hold on their last day, and a benchmark that tells none is never out of date', () => {
  expect(staleWords({ valid_until: '2026-01-31' }, '2026-01-31')).toBeNull()
  expect(staleWords({}, '2026-01-31')).toBeNull()
})

test('a label of a gain names who says so', () => {
  expect(gainByWords({ gain_by: 'benchmark', category: 'odd' })).toBe('as somebody said of this benchmark')
  expect(gainByWords({ gain_by: 'category', category: 'math' })).toBe('as the category math says')
})
