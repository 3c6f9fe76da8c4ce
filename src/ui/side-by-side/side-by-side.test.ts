import { expect, test } from 'vitest'
import { markdownText } from '#src/core/publish/markdown.ts'
import type { StageComparison } from '#src/protocol/comparisons.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import { gainLossNotes, prepareGainLoss } from './prepare-gain-loss.ts'
import { stageSides } from './sides.ts'
import { hiddenCount, sidesText } from './sides-text.ts'

const benchmark = (slug: string, more: Partial<Change['benchmark']> = {}): Change['benchmark'] => ({
  slug,
  name: slug,
  category: 'any',
  kind: 'accuracy',
  higher_is_better: true,
  chance: null,
  best: null,
  unit: null,
  use: null,
  margin: null,
  twin: null,
  ...more,
})

const change = (of: Change['benchmark'], by: number, reading: Change['reading']): Change => ({
  benchmark: of,
  role: null,
  value: 0,
  value_low: null,
  value_high: null,
  baseline: 0,
  baseline_low: null,
  baseline_high: null,
  change: by,
  utility: of.higher_is_better ? by : -by,
  low: by - 0.1,
  high: by + 0.1,
  p: null,
  n: 128,
  paired_n: null,
  method: '',
  reading,
  reason: null,
  beyond_interval: false,
  tolerance: null,
  over_budget: null,
  se: null,
  moved: null,
  detectable: null,
})

const stage = (number: number, name: string, is_baseline = false): StageComparison['stages'][number] => ({
  experiment: { project: 'p', number, slug: name, name, stage_kind: 'task' },
  state: 'finished',
  checkpoint: null,
  is_baseline,
  is_child: !is_baseline,
  purpose: '',
})

const [task, general] = [
  benchmark('task'),
  benchmark('general', { kind: 'loss', higher_is_better: false, unit: 'bpb' }),
]
const score = (value: number, by: Change | null) => ({
  score: value,
  low: value - 0.1,
  high: value + 0.1,
  n: 128,
  change: by,
})
const said = (text: string) => ({ text, planned: null, relative: null, missing: null })

const comparison: StageComparison = {
  stages: [stage(5, 'sft', true), stage(6, 'full'), stage(9, 'later')],
  how: [
    { key: 'kind', label: 'Stage', differs: false, cells: [said('Task'), said('Task'), said('Task')] },
    {
      key: 'steps',
      label: 'Steps',
      differs: true,
      cells: [
        said('180'),
        { ...said('90'), planned: '100' },
        { text: null, planned: '50', relative: null, missing: 'not measured' },
      ],
    },
  ],
  cost: [],
  cost_note: 'priced in 2026-11',
  why: [
    {
      benchmark: task,
      role: 'target',
      differs: true,
      cells: [score(0.141, null), score(0.539, change(task, 0.398, 'gained')), null],
    },
    {
      benchmark: general,
      role: 'retention',
      differs: true,
      cells: [score(2.452, null), score(4.003, change(general, 1.551, 'lost')), null],
    },
  ],
  readings: [null, { title: 'task gained, general lost', gained: 1, lost: 1, unclear: 0, apart: 0 }, null],
  choices: [],
}

const sides = stageSides(
  'w',
  comparison,
  ({ slug }) => slug,
  (kind) => kind,
)

test('the copy holds the rows of the screen, with plans, changes and what is missing', () => {
  const { table } = sidesText(sides, true)
  expect(table.rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['How', '', '', ''],
    ['Steps', '180', '90, planned 100', 'not measured, planned 50'],
    ['Cost', '', '', ''],
    ['Why', '', '', ''],
    ['task ↑', '0.141', '0.539, +0.398, gained, +0.298 to +0.498', 'not measured'],
    ['general ↓', '2.452', '4.003, +1.551, lost, +1.451 to +1.651', 'not measured'],
    ['Verdict', 'baseline', 'task gained, general lost', ''],
  ])
  expect(hiddenCount(sides, true)).toBe(1)
  expect(sidesText(sides, false).table.rows).toHaveLength(8)
  expect(markdownText(sidesText(sides, true))).toContain('Differences only: 1 row says the same in all.')
})

test('the chart takes the target across and the worst fall up, turned so that up and right is better', () => {
  const chart = prepareGainLoss(sides, { x: null, y: null })
  expect([chart?.x.benchmark.slug, chart?.y.benchmark.slug]).toEqual(['task', 'general'])
  expect(chart?.points.map(({ name, rate, isBaseline }) => [name, rate, isBaseline])).toEqual([
    ['sft', null, true],
    ['full', '3.9', false],
  ])
  expect(chart && gainLossNotes(chart)).toEqual([
    'Across: task ↑. Up: general ↓, axis turned. Up and right is better; bars are 95 % intervals.',
    'At each dot: change of general per 1.0 gained on task, against the baseline.',
    'Without later: not measured on both.',
  ])
})

test('axes may be chosen, and one benchmark draws nothing', () => {
  expect(prepareGainLoss(sides, { x: 'general', y: null })?.y.benchmark.slug).toBe('task')
  expect(prepareGainLoss({ ...sides, why: sides.why.slice(0, 1) }, { x: null, y: null })).toBeNull()
})
