import { describe, expect, test } from 'vitest'
import type { Probed } from '#src/protocol/probes.ts'
import { barScale, changeOfProbe, intervalOfScore, scoreWords } from './probe-words.ts'

const probed = (more: Partial<Probed> = {}, better = true): Probed => ({
  benchmark: {
    ...{
      slug: 'b',
      name: 'B',
      category: 'knowledge',
      kind: 'accuracy',
      chance: null,
      best: null,
      unit: null,
      use: null,
    },
    ...{ higher_is_better: better, margin: null, twin: null },
  },
  scale: 1,
  after: { score: 0.95, low: 0.9, high: 0.98, n: 40 },
  before: { score: 0.1, low: 0.05, high: 0.2, n: 40 },
  change: { value: 0.85, low: 0.8, high: 0.9, p: 0.001 },
  reason: null,
  ...more,
})

describe('a change of a probe', () => {
  test.each([
    [{ value: 0.85, low: 0.8, high: 0.9, p: 0 }, true, '▲ +0.850', 'gained (+0.800 to +0.900)', 'gained'],
    [{ value: 0.85, low: 0.8, high: 0.9, p: 0 }, false, '▼ +0.850', 'lost (+0.800 to +0.900)', 'lost'],
    [{ value: -0.02, low: -0.1, high: 0.06, p: 1 }, true, '▽ −0.020', 'no difference found (−0.100 to +0.060)', 'grey'],
    [{ value: -0.02, low: null, high: null, p: null }, false, '△ −0.020', 'no interval', 'grey'],
  ] as const)('%j, higher is better %s: %s', (change, better, text, note, ink) =>
    expect(changeOfProbe(probed({ change: { ...change } }, better))).toEqual({ text, note, ink }),
  )
  test('that cannot be told says why', () =>
    expect(changeOfProbe(probed({ change: null, reason: 'another protocol: shots differs' }))).toEqual({
      text: '–',
      note: 'another protocol: shots differs',
      ink: 'grey',
    }))
})

test('a score has its interval and n, and one that was not measured is no zero', () => {
  expect(intervalOfScore(probed(), { score: 0.5, low: 0.4, high: 0.6, n: 1200 })).toBe('95 % 0.400 to 0.600, n 1.20k')
  expect(intervalOfScore(probed(), { score: 0.5, low: null, high: null, n: null })).toBe('no interval, n not given')
  expect(scoreWords(probed(), null)).toBe('not measured')
})

test('bars of shares reach from 0 to all, those of other numbers as far as they go', () => {
  expect(barScale([probed()])).toEqual({ min: 0, max: 1 })
  const loss = probed({ after: { score: 2.5, low: 2, high: 3, n: 5 }, before: null })
  expect(barScale([{ ...loss, benchmark: { ...loss.benchmark, kind: 'loss' } }])).toEqual({ min: 0, max: 3 })
})
