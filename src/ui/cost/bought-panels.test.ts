import { describe, expect, test } from 'vitest'
import type { Bought } from '#src/protocol/bought.ts'
import { absentWords, leftOutWords, reachWords } from './bought-panels.ts'
import { type Panel, preparePanel } from './prepare-pareto.ts'

const benchmark = (best: number): Bought['benchmarks'][number] => ({
  ...{ slug: 'task', name: 'Task', category: 'task', kind: 'accuracy', higher_is_better: true, chance: 0, best },
  ...{ unit: null, use: null, margin: null, twin: null, is_target: true },
})
const without = (...leftOut: Panel['leftOut']): Panel => ({
  ...{ points: [], edges: [], front: [], standing: [], leftOut },
})
const drawn: Panel = preparePanel(
  [
    {
      experiment: { project: 'p', number: 1, slug: 'base', name: 'base', stage_kind: 'pretrain' },
      ...{
        state: 'finished',
        method: null,
        adapter: null,
        parent: null,
        tokens: 1,
        replay: null,
        targets: [],
        points: [],
      },
    },
  ],
  {
    ...{ path: new Set<number>(), lessX: true, lessY: false, target: 0 },
    x: () => ({ value: 1, low: null, high: null }),
    y: () => ({ value: 1, low: null, high: null }),
  },
)

describe('a score with its interval', () => {
  test('has three decimals as a share and one in points, its interval too', () => {
    expect(reachWords({ value: 0.5, low: 0.4, high: 0.6 }, benchmark(1))).toBe('0.500 (0.400 to 0.600)')
    expect(reachWords({ value: 83.9, low: 0.5, high: 90 }, benchmark(100))).toBe('83.9 (0.5 to 90.0)')
    expect(reachWords({ value: 0.5, low: 0.4, high: 0.6 }, null)).toBe('0.500 (0.400 to 0.600)')
  })
  test('says what it is told where there is no interval', () => {
    const bare = { value: 83.9, low: null, high: null }
    expect(reachWords(bare, benchmark(100))).toBe('83.9')
    expect(reachWords(bare, benchmark(100), 'no interval')).toBe('83.9 (no interval)')
  })
})

describe('a panel without a point', () => {
  const soup = { name: 'soup', why: 'cost not known' }
  const lora = { name: 'lora', why: 'Perplexity not measured' }
  test('is named by what lies on its axis, whichever of the two it is', () => {
    expect(
      absentWords([
        { panel: without(soup), xName: 'path cost' },
        { panel: drawn, xName: 'Perplexity' },
      ]),
    ).toBe('No panel of path cost: soup (cost not known).')
    expect(
      absentWords([
        { panel: drawn, xName: 'path cost' },
        { panel: without(lora), xName: 'Perplexity' },
      ]),
    ).toBe('No panel of Perplexity: lora (Perplexity not measured).')
  })
  test('is not said where all have points', () =>
    expect(absentWords([{ panel: drawn, xName: 'path cost' }])).toBeNull())
  test('without anything that could be on it says so', () =>
    expect(absentWords([{ panel: without(), xName: 'path cost' }])).toBe('No panel of path cost: no stage has begun.'))
})

test('stages without a point are named once, with what they lack', () => {
  const view = { xName: 'x', xWord: 'x', lessX: true, lessY: false, xText: String, yText: String, yLine: null }
  const panel = without({ name: 'soup', why: 'cost not known' })
  expect(
    leftOutWords([
      { ...view, panel },
      { ...view, panel },
    ]),
  ).toBe('Not drawn: soup (cost not known).')
  expect(leftOutWords([{ ...view, panel: drawn }])).toBeNull()
})
