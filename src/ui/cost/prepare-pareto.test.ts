import { expect, test } from 'vitest'
import type { Bought, BoughtStage } from '#src/protocol/bought.ts'
import { frontSteps, type PanelAsk, preparePanel, scoreOf, usualPair } from './prepare-pareto.ts'

const names = ['base', 'sft', 'full', 'lora'] as const
const costs = [100, 120, 140, 135]
const scores = [0.1, 0.15, 0.6, 0.34]

const stages = names.map((name, i): BoughtStage => {
  const reading = i >= 2 ? ('gained' as const) : ('no_difference_found' as const)
  const change = { change: 0.1, utility: 0.1, low: null, high: null, role: null, reason: null, reading }
  const score = scores[i] ?? 0
  return {
    experiment: { project: 'p', number: i + 1, slug: name, name, stage_kind: 'task' },
    state: 'finished',
    method: null,
    adapter: name === 'lora' ? 'lora' : null,
    parent: [null, 1, 2, 2][i] ?? null,
    tokens: null,
    replay: null,
    targets: i >= 2 ? ['task'] : [],
    points: [
      {
        checkpoint: { id: '00000000-0000-7000-8000-000000000000', step: 1 },
        of_stage: true,
        cells: [{ score, low: score - 0.05, high: score + 0.05, n: 100, fingerprint: 'f', normal: null, change }, null],
      },
    ],
  }
})

const ask: PanelAsk = {
  path: new Set([1, 2, 3]),
  x: (stage) => ({ value: costs[stage.experiment.number - 1] ?? 0, low: null, high: null }),
  y: (stage) => scoreOf(stage, 0, 'Task'),
  lessX: true,
  lessY: false,
  target: 0,
}

test('points are filled where the gain is certain, and leaves are known', () => {
  const { points } = preparePanel(stages, ask)
  expect(points.map((p) => [p.stage.experiment.name, p.isCertain, p.isLeaf, p.isOnPath])).toEqual([
    ['base', false, false, true],
    ['sft', false, false, true],
    ['full', true, true, true],
    ['lora', true, true, false],
  ])
})

test('edges follow the lineage, those of the path are marked', () => {
  const { edges } = preparePanel(stages, ask)
  expect(edges).toEqual([
    { from: 0, to: 1, isOnPath: true },
    { from: 1, to: 2, isOnPath: true },
    { from: 1, to: 3, isOnPath: false },
  ])
})

test('the front steps from the cheapest to the best', () => {
  const panel = preparePanel(stages, ask)
  expect(panel.front).toEqual([0, 1, 3, 2])
  expect(frontSteps(panel, true).slice(0, 3)).toEqual([
    [100, 0.1],
    [120, 0.1],
    [120, 0.15],
  ])
})

test('a stage without one half is named with what it lacks, a planned one is not', () => {
  const planned = { ...(stages[3] as BoughtStage), state: 'planned' as const }
  const lacking = { ...ask, y: (stage: BoughtStage) => scoreOf(stage, 1, 'Knowledge') }
  expect(preparePanel([...stages.slice(0, 3), planned], lacking).leftOut).toEqual([
    { name: 'base', why: 'Knowledge not measured' },
    { name: 'sft', why: 'Knowledge not measured' },
    { name: 'full', why: 'Knowledge not measured' },
  ])
})

test('the usual picture is of what most stages aim at, against the corpus that fewest aim at', () => {
  const benchmark = { name: '', category: '', higher_is_better: true, chance: null, best: null, unit: null }
  const rest = { ...benchmark, use: null, margin: null, twin: null, is_target: true }
  const bought: Bought = {
    benchmarks: [
      { ...rest, slug: 'domain', kind: 'loss' },
      { ...rest, slug: 'task', kind: 'accuracy' },
      { ...rest, slug: 'general', kind: 'loss' },
    ],
    stages: [{ ...(stages[0] as BoughtStage), targets: ['domain'] }, ...stages.slice(1)],
  }
  expect(usualPair(bought)).toEqual({ target: 1, kept: 2 })
  expect(usualPair({ benchmarks: [], stages: [] })).toBeNull()
})
