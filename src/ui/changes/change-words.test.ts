import { expect, test } from 'vitest'
import type { Change } from '#src/protocol/evaluations.ts'
import {
  apartSafety,
  changeGroups,
  changeInk,
  changeNumber,
  halfWords,
  intervalWords,
  shortReading,
} from './change-words.ts'

const base: Change = {
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
  value: 0.8,
  value_low: null,
  value_high: null,
  baseline: 0.85,
  baseline_low: null,
  baseline_high: null,
  change: -0.05,
  utility: -0.05,
  low: -0.2,
  high: 0.1,
  p: null,
  se: null,
  n: 48,
  paired_n: null,
  moved: null,
  detectable: null,
  method: 'Newcombe',
  reading: 'no_difference_found',
  reason: null,
  beyond_interval: false,
  tolerance: 0.05,
  over_budget: 'no',
}

test.each([
  ['half an interval has two decimals', -0.2, 0.1, '±0.15'],
  ['one too narrow for them has a digit that says how wide it is', -0.0042, 0.0008, '±0.003'],
  ['of none there is none', 0.02, 0.02, '±0.00'],
  ['without an interval nothing is said', null, null, ''],
])('%s', (_, low, high, words) => {
  expect(halfWords({ ...base, low, high })).toBe(words)
})

test('no proven difference is said with its half-width and never as equal', () => {
  expect(shortReading(base)).toBe('no difference found (±0.15)')
  expect(changeInk(base)).toBe('grey')
})

test('a proven change is called what it is called everywhere: gained or lost', () => {
  expect(shortReading({ ...base, reading: 'lost' })).toBe('lost')
  expect(shortReading({ ...base, reading: 'gained', utility: 0.1 })).toBe('gained')
})

test('a change without interval says so and keeps its direction', () => {
  const change: Change = { ...base, reading: 'no_interval', low: null, high: null }
  expect(shortReading(change)).toBe('worse, no interval')
  expect(changeInk(change)).toBe('lost')
  expect(intervalWords(change)).toBeNull()
})

test('the printed interval of a share ends where shares end; that of a loss does not', () => {
  const change: Change = { ...base, change: -0.956, low: -1.005, high: -0.907 }
  expect(intervalWords(change)).toBe('−1.000 to −0.907')
  expect(intervalWords({ ...change, benchmark: { ...base.benchmark, kind: 'loss' } })).toBe('−1.005 to −0.907')
})

test('what should be kept comes worst first; losses in bits are drift', () => {
  const worse: Change = { ...base, utility: -0.8 }
  const bits: Change = { ...base, benchmark: { ...base.benchmark, kind: 'loss', higher_is_better: false } }
  const target: Change = { ...base, role: 'target' }
  const groups = changeGroups([base, bits, target, worse])
  expect(groups.target).toEqual([target])
  expect(groups.kept).toEqual([worse, base])
  expect(groups.drift).toEqual([bits])
})

test('safety stands apart from ability, its over-refusal twin beside it, whatever lost more', () => {
  const named = (slug: string, utility: number, role: Change['role'], twin: string | null = null): Change => ({
    ...base,
    role,
    utility,
    benchmark: { ...base.benchmark, slug, twin },
  })
  const harm = named('harm', -0.01, 'safety', 'refuses')
  const refuses = named('refuses', -0.9, 'retention')
  const maths = named('maths', -0.5, 'retention')
  const { kept } = changeGroups([harm, maths, refuses])
  expect(kept).toEqual([maths, harm, refuses])
  expect(apartSafety(kept)).toEqual({ ability: [maths], safety: [harm, refuses] })
})

test('a change in points is printed in points, its interval too', () => {
  const points: Change = { ...base, value: 33.5, baseline: 12.4, change: 21.1, low: 18.24, high: 23.96 }
  expect(changeNumber(points)).toBe('+21.1')
  expect(intervalWords(points)).toBe('+18.2 to +24.0')
})
