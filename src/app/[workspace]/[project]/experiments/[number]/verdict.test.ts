import { expect, test } from 'vitest'
import type { Change } from '#src/protocol/evaluations.ts'
import type { ForgettingCell, ForgettingVerdict } from '#src/protocol/forgetting.ts'
import { countWords, fartherWords, gainOf, retentionOf, stateWords, verdictOf } from './verdict.ts'

const benchmark = (name: string): Change['benchmark'] => ({
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
})

function change(name: string, more: Partial<Change>): Change {
  const utility = more.utility ?? 0
  return {
    benchmark: benchmark(name),
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
    se: null,
    n: 48,
    paired_n: null,
    moved: null,
    detectable: null,
    method: '',
    reading: 'no_difference_found',
    reason: null,
    beyond_interval: false,
    tolerance: 0.05,
    over_budget: 'no',
    ...more,
  }
}

const cell = (name: string, more: Partial<ForgettingCell>): ForgettingCell => ({
  benchmark: benchmark(name),
  role: 'retention',
  unit: 'points',
  delta: 0,
  se: 1,
  low: -2,
  high: 2,
  p: 1,
  p_adjusted: 1,
  state: 'retained',
  below_margin: false,
  severe: false,
  detectable: 2.8,
  margin: 1,
  tolerance: 5,
  tolerance_set: 0.05,
  budget: 'pass',
  retention: 1,
  retention_reason: null,
  vs: null,
  best: null,
  n: 48,
  paired_n: 48,
  method: '',
  reason: null,
  ...more,
})

/** The verdict that these cells give, as the server would say it. */
function judged(cells: ForgettingCell[], more: Partial<ForgettingVerdict> = {}): ForgettingVerdict {
  const n = (budget: ForgettingCell['budget']) => cells.filter((c) => c.budget === budget).length
  const counts = { pass: n('pass'), warn: n('warn'), fail: n('fail'), missing: n('missing') }
  const verdict = cells.length === 0 ? null : counts.fail ? 'fail' : counts.warn + counts.missing ? 'warn' : 'pass'
  const [worst] = cells.filter((c) => c.delta !== null).sort((a, b) => (a.delta ?? 0) - (b.delta ?? 0))
  return {
    reference: {
      experiment: { project: 'p', number: 1, slug: 'base', name: 'base', stage_kind: 'pretrain' },
      checkpoint: { id: '0', step: 1 },
    },
    cells,
    counts: { forgot: 0, improved: 0, retained: 0, inconclusive: 0, not_comparable: 0 },
    target: null,
    retention: null,
    by_category: [],
    safety: null,
    drift: null,
    worst: worst?.benchmark.slug ?? null,
    budget: { verdict, counts, mean_fails: false },
    exchange: { rate: null, low: null, high: null, unit: null, reason: 'none' },
    ...more,
  }
}

const lost = { utility: -0.854, low: -0.93, high: -0.71, reading: 'lost' as const, beyond_interval: true }
const forgot = change('format', { ...lost, over_budget: 'certain' })
const forgotCell = cell('format', { delta: -85.4, low: -93, high: -71, state: 'forgot', budget: 'fail' })
const drifted = change('bpb', { utility: -1.5, reading: 'no_interval', over_budget: 'estimate', tolerance: 0.1 })
const driftedCell = cell('bpb', {
  unit: 'bits_per_byte',
  delta: -1.5,
  low: null,
  high: null,
  tolerance: 0.1,
  budget: 'warn',
})

test('a proven loss over its budget leads, with amount and interval', () => {
  expect(verdictOf([drifted, forgot], judged([driftedCell, forgotCell]), 1)).toEqual({
    tone: 'over',
    title: 'Over budget: format −0.85',
    note: 'budget −0.05; beyond its interval, 95 % −0.930 to −0.710',
  })
})

test('an estimate beyond the budget is doubtful, and says that it has no interval', () => {
  const verdict = verdictOf([drifted], judged([driftedCell]), 1)
  expect(verdict).toMatchObject({ tone: 'warning', title: 'May be over budget: bpb −1.50' })
  expect(verdict.note).toContain('no interval, so an estimate only')
})

test('an interval that reaches beyond the budget cannot tell', () => {
  const small = change('knowledge', { utility: -0.02, low: -0.08, high: 0.04 })
  const verdict = verdictOf(
    [small],
    judged([cell('knowledge', { delta: -2, low: -8, high: 4, budget: 'warn' }), cell('b', {})]),
    1,
  )
  expect(verdict).toMatchObject({ tone: 'warning', title: 'Cannot tell, 1 of 2 certainly within budget' })
  expect(verdict.note).toContain('its interval −0.080 to +0.040 reaches beyond')
})

test('cells that pass one by one may fail together', () => {
  const retention = { mean: -2.5, se: 0.3, low: -3.1, high: -1.9, unit: 'points' as const, used: 4, total: 4 }
  const of = judged([cell('a', {})], { retention })
  const verdict = verdictOf([], { ...of, budget: { ...of.budget, verdict: 'fail', mean_fails: true } }, 1)
  expect(verdict).toEqual({
    tone: 'over',
    title: 'Over budget: mean retention −2.5 points',
    note: '95 % −3.1 to −1.9; the mean may fall 1 point',
  })
})

test('what was not measured is named', () => {
  const verdict = verdictOf([], judged([cell('a', {}), cell('arc', { delta: null, budget: 'missing' })]), 1)
  expect(verdict).toEqual({ tone: 'warning', title: 'Cannot tell, 1 of 2 not measured on both', note: 'arc' })
})

test('within budget counts the benchmarks, and names a proven loss that stays inside', () => {
  const cells = [cell('a', {}), cell('format', { delta: -3, state: 'forgot' })]
  const inside = change('format', { utility: -0.03 })
  expect(verdictOf([inside], judged(cells), 1)).toMatchObject({
    tone: 'fine',
    title: 'Within budget, 2 of 2',
    note: 'largest proven loss: format −0.03',
  })
})

test('nothing to keep gives no verdict', () => {
  expect(verdictOf([], judged([]), 1).title).toBe('Nothing to judge by yet')
  expect(verdictOf([], judged([], { reference: null }), 1)).toMatchObject({ tone: 'unknown', title: 'No baseline' })
})

test('retention counts what is certainly within budget and names the worst', () => {
  expect(retentionOf([forgot, change('a', {})], judged([forgotCell, cell('a', {})]))).toMatchObject({
    value: '1 of 2',
    unit: 'within budget',
    worst: forgot,
  })
  expect(retentionOf([], judged([]))).toBeNull()
})

test('a mean of rates that is hidden is not replaced by a mean of losses', () => {
  const drift = { mean: -1.9, se: 0.1, low: -2.1, high: -1.7, unit: 'bits_per_byte' as const, used: 1, total: 1 }
  const rates = [cell('a', {}), cell('b', { delta: null, budget: 'missing' })]
  expect(retentionOf([], judged([...rates, driftedCell], { drift }))).toMatchObject({
    mean: null,
    hidden: 'mean hidden, 1 of 2 measured',
  })
  expect(retentionOf([], judged([driftedCell], { drift }))).toMatchObject({ mean: drift, hidden: null })
})

test('the gain is a proven one of a target before a larger unproven one', () => {
  const proven = change('task', { role: 'target', utility: 0.3, reading: 'gained' })
  const larger = change('f1', { role: 'target', utility: 0.5, reading: 'no_interval' })
  expect(gainOf([larger, proven, forgot])).toBe(proven)
})

test.each<[string | null, Partial<ForgettingCell>]>([
  ['severe, 40 % kept', { state: 'forgot', severe: true, retention: 0.4 }],
  ['severe, 0 % kept', { state: 'forgot', severe: true, retention: -0.2 }],
  ['severe', { state: 'forgot', severe: true, retention: null }],
  ['below the margin', { state: 'forgot', below_margin: true }],
  ['kept, within ±1.0 points', { state: 'retained' }],
  ['detects ≥ 8.1 points', { state: 'inconclusive', detectable: 8.12 }],
  ['detects ≥ 0.030 bpb', { state: 'inconclusive', detectable: 0.03, unit: 'bits_per_byte' }],
  [null, { state: 'improved' }],
])('a row says %s', (words, more) => expect(stateWords(cell('a', more))).toBe(words))

test('a change against an earlier ancestor names it', () => {
  const experiment = { project: 'p', number: 1, slug: 'base', name: 'base', stage_kind: 'pretrain' as const }
  const vs = { experiment, checkpoint: { id: '0', step: 1 }, stages_back: 2 }
  expect(fartherWords(cell('a', { delta: -10, vs }))).toBe('−10.0 points against base, 2 stages back')
  expect(fartherWords(cell('a', { delta: -10, vs: { ...vs, stages_back: 1 } }))).toBeNull()
})

test('states of what should be kept are counted, absent ones left out', () => {
  const counts = { forgot: 2, improved: 0, retained: 1, inconclusive: 3, not_comparable: 0 }
  expect(countWords({ counts })).toBe('2 lost, 1 kept within the margin, 3 no difference found')
})
