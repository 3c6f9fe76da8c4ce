import { expect, test } from 'vitest'
import type { BenchmarkSummary } from '#src/protocol/benchmarks.ts'
import { changedSince, changeOf, formOf } from './benchmark-form.ts'

const benchmark: BenchmarkSummary = {
  slug: 'mmlu',
  name: 'MMLU',
  category: 'knowledge',
  kind: 'accuracy',
  higher_is_better: true,
  chance: 0.25,
  best: null,
  unit: null,
  use: 'unseen',
  margin: null,
  twin: null,
  description: '',
  defined: true,
  checkpoints: 1,
  protocols: 1,
  newest_at: null,
}
const form = formOf(benchmark)

test('an untouched form says what the benchmark is', () => {
  const { slug: _, defined: __, checkpoints: ___, protocols: ____, newest_at: _____, ...words } = benchmark
  const untold = { gain: null, valid_until: null, domain: null, facet: null, part: null, pair: null }
  expect(changeOf(form)).toEqual({ change: { ...words, ...untold } })
  const told = { valid_until: '2026-12-31', domain: 'law', facet: 'facts', part: 'form', pair: 'law-content' } as const
  const page: BenchmarkSummary = { ...benchmark, ...told, gain: 'surface', gain_by: 'benchmark' }
  expect(changeOf(formOf(page))).toEqual({ change: { ...words, ...told, gain: 'surface' } })
})

test('a label that only the category gives is left to the category', () => {
  const page: BenchmarkSummary = { ...benchmark, gain: 'knowledge', gain_by: 'category' }
  expect(changeOf(formOf(page))).toMatchObject({ change: { gain: null } })
})

test('only what was typed is changed; a facet goes with its domain, a side of a task with the other', () => {
  const changed = (typed: Partial<typeof form>) => {
    const now = { ...form, ...typed }
    const answer = changeOf(now)
    return 'change' in answer ? changedSince(form, now, answer.change) : answer
  }
  expect(changed({})).toEqual({})
  expect(changed({ description: 'of law' })).toEqual({ description: 'of law' })
  expect(changed({ chance: '' })).toEqual({ chance: null })
  expect(changed({ direction: 'lower' })).toEqual({ higher_is_better: false })
  expect(changed({ domain: 'law' })).toEqual({ domain: 'law', facet: null })
  expect(changed({ part: 'form', pair: 'other' })).toEqual({ part: 'form', pair: 'other' })
})

test('an empty number is none, and a minus may be a real one', () => {
  expect(changeOf({ ...form, chance: ' ' })).toMatchObject({ change: { chance: null } })
  expect(changeOf({ ...form, kind: 'other', chance: '−0.5' })).toMatchObject({ change: { chance: -0.5 } })
})

test.each([
  [{ name: ' ' }, 'name'],
  [{ category: '' }, 'category'],
  [{ chance: '25 %' }, 'chance'],
  [{ margin: '0,5' }, 'margin'],
  [{ valid_until: 'next year' }, 'valid_until'],
  [{ part: 'form' }, 'pair'],
  [{ pair: 'other' }, 'part'],
  [{ facet: 'facts' }, 'domain'],
] as const)('%j is named at its field', (change, field) =>
  expect(changeOf({ ...form, ...change })).toMatchObject({ field }),
)
