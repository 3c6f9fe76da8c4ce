import { expect, test } from 'vitest'
import type { MatrixCellDetail } from '#src/protocol/matrix.ts'
import { budgetText, intervalTextOf, pairText, panelMarkdown, readingText, testText } from './panel-words.ts'

const side = (name: string, score: number): MatrixCellDetail['after'] => ({
  experiment: { project: 'p', number: 1, slug: name, name, stage_kind: 'task' },
  checkpoint: { id: `id-${name}`, step: 9, tokens: null },
  evaluation: `eval-${name}`,
  metric: 'accuracy',
  score,
  low: null,
  high: null,
  interval_method: 'Wilson',
  interval_note: null,
  n: 48,
  n_missing: null,
  n_items: 48,
  trials: 1,
  fingerprint: 'f'.repeat(64),
  protocol: { task: 't' },
  source: '',
  measured_at: null,
})

const lost: MatrixCellDetail = {
  benchmark: {
    slug: 'format',
    name: 'Format',
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
  after: side('full', 0),
  before: side('sft', 0.854),
  stages_back: 1,
  state: 'forgot',
  reason: null,
  differing: [],
  unlike: [],
  change: -0.854,
  change_low: -1.02,
  change_high: -0.71,
  p: 1e-9,
  p_adjusted: 3e-9,
  family: 3,
  paired_n: 48,
  method: 'paired, McNemar exact: 41 lost, 0 gained',
  below_margin: false,
  severe: true,
  detectable: 0.37,
  tolerance: 0.05,
  budget: 'fail',
  flips: { lost: 41, gained: 0, kept_right: 0, kept_wrong: 7 },
  flips_note: null,
  slices: [{ key: 'seen', value: 'no', n: 12, before: 0.9, after: 0, change: -0.9, low: null, high: null, p: 0.01 }],
  beside: [],
}

test('a pair says where it comes from, under which protocol, and over how many items', () => {
  expect(pairText(lost)).toBe('sft → full, same protocol, n 48')
  expect(pairText({ ...lost, stages_back: 2 })).toBe('sft → full, 2 stages back, same protocol, n 48')
  expect(pairText({ ...lost, after: { ...lost.after, n: null } })).toContain('n not given')
})

test('the interval of a share ends where a share can change no more', () =>
  expect(intervalTextOf(lost)).toBe('95 % −1.00 to −0.71'))

test('a test names its p and the family over which it was adjusted', () =>
  expect(testText(lost)).toBe(
    'paired, McNemar exact: 41 lost, 0 gained; p < 0.0001; p < 0.0001 adjusted over 3 benchmarks',
  ))

test.each([
  ['how often a loss exceeds its budget', lost, 'may lose 0.050; certainly beyond, the loss is 17 times that'],
  [
    'that the data cannot tell',
    { ...lost, change: -0.02, budget: 'warn' as const },
    'may lose 0.050; cannot be told, the loss is 0.4 times that',
  ],
])('a budget says %s', (_, cell, words) => expect(budgetText(cell)).toBe(words))

test('a difference that was not found says what could have been', () =>
  expect(readingText({ ...lost, state: 'inconclusive', change: -0.1 })).toBe(
    'no difference found: so many items show a change of 0.370 or more in four of five cases',
  ))

test('Markdown holds the answers as they are, backticks and line breaks included', () => {
  const item = {
    id: 'q1',
    trial: null,
    prompt: 'What *is* it?',
    expected: 'a `b`',
    tags: {},
    answers: [
      { checkpoint: 'id-sft', output: 'a\nb', score: 1 },
      { checkpoint: 'id-full', output: '', score: 0 },
      null,
    ],
  }
  const text = panelMarkdown(lost, 'lost', { item, names: ['sft', 'full', 'lora'], place: '1 of 41' }, 'http://here')
  expect(text).toContain('Lost 1 of 41: What \\*is\\* it?')
  expect(text).toContain('- expected: `` a `b` ``')
  expect(text).toContain('- sft (right): ` a ⏎ b `')
  expect(text).toContain('- seen: no: 0.900 → 0.000, n 12')
  expect(text).not.toContain('lora')
  expect(text.trim().endsWith('http://here')).toBe(true)
})
