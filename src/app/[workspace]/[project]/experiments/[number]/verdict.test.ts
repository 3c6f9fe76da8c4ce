import { expect, test } from 'vitest'
import type { Change } from '#src/protocol/evaluations.ts'
import { gainOf, retentionOf, verdictOf } from './verdict.ts'

function change(name: string, more: Partial<Change>): Change {
  const utility = more.utility ?? 0
  return {
    benchmark: {
      slug: name,
      name,
      category: 'instruction',
      kind: 'accuracy',
      higher_is_better: true,
      chance: null,
      best: null,
      unit: null,
      use: null,
      margin: null,
      twin: null,
    },
    role: 'retention',
    value: 0.5 + utility,
    value_low: null,
    value_high: null,
    baseline: 0.5,
    baseline_low: null,
    baseline_high: null,
    change: utility,
    utility,
    low: null,
    high: null,
    p: null,
    n: 48,
    paired_n: null,
    method: '',
    reading: 'no_difference_found',
    reason: null,
    beyond_interval: false,
    tolerance: 0.05,
    over_budget: 'no',
    ...more,
  }
}

const forgot = change('format', {
  utility: -0.854,
  low: -0.93,
  high: -0.71,
  reading: 'lost',
  beyond_interval: true,
  over_budget: 'certain',
})
const drifted = change('bpb', { utility: -1.5, reading: 'no_interval', over_budget: 'estimate', tolerance: 0.1 })

test('a proven loss over its budget leads, with amount and interval', () => {
  expect(verdictOf([drifted, forgot], true)).toEqual({
    tone: 'over',
    title: 'Over budget: format −0.85',
    note: 'budget −0.05; beyond its interval, 95 % −0.930 to −0.710; 1 more over budget',
  })
})

test('an estimate without interval says that it is one', () => {
  expect(verdictOf([drifted], true).note).toContain('no interval, so an estimate only')
})

test('within budget counts the benchmarks that have one', () => {
  expect(verdictOf([change('a', {}), change('b', {})], true).title).toBe('Within budget, 2 of 2')
})

test('without budgets a proven loss is named, and its absence is not called equality', () => {
  const none = { tolerance: null, over_budget: null }
  expect(verdictOf([{ ...forgot, ...none }], true).title).toBe('Lost: format −0.85')
  expect(verdictOf([change('a', none)], true).note).toContain('not the same as none')
})

test('nothing comparable gives no verdict', () => {
  const hatched = change('a', { utility: null, change: null, reading: 'not_comparable', over_budget: null })
  expect(verdictOf([hatched], true).tone).toBe('unknown')
  expect(verdictOf([], false).title).toBe('No baseline')
})

test('retention counts what is within budget and names the worst', () => {
  expect(retentionOf([forgot, change('a', {})])).toMatchObject({
    value: '1 of 2',
    unit: 'within budget',
    worst: forgot,
  })
  expect(retentionOf([])).toBeNull()
})

test('the gain is a proven one of a target before a larger unproven one', () => {
  const proven = change('task', { role: 'target', utility: 0.3, reading: 'gained' })
  const larger = change('f1', { role: 'target', utility: 0.5, reading: 'no_interval' })
  expect(gainOf([larger, proven, forgot])).toBe(proven)
})
