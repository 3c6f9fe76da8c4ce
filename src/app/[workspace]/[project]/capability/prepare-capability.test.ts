import { expect, test } from 'vitest'
import { PATH_AXES, type PathAxis } from '#src/core/lineage/path-axes.ts'
import type { Capability, CapabilityCell, CapabilityStage, Span } from '#src/protocol/capability.ts'
import { axisTicks, bandsOfPath, missingWords, valueAt, wholeOf, xIn, zoomed } from './capability-axes.ts'
import { sentenceOf } from './capability-words.ts'
import { placesOn } from './chart-axis.ts'
import { lanesOfPath, shownCell, unitsOf, usualColumns } from './prepare-capability.ts'

const perAxis = <T>(rest: T, own: Partial<Record<PathAxis, T>>) =>
  Object.fromEntries(PATH_AXES.map((axis) => [axis, own[axis] ?? rest])) as Record<PathAxis, T>

const stage = (name: string, from: number, to: number): CapabilityStage => ({
  experiment: { project: 'p', number: 1, slug: name, name, stage_kind: 'instruction' },
  method: null,
  state: 'finished',
  axes: perAxis<{ span: Span | null; why: string | null }>(
    { span: null, why: 'nothing is told' },
    {
      tokens: { span: { from, to }, why: null },
      flops: { span: { from: 60 * from, to: 60 * to }, why: null },
      steps: { span: { from: from / 10, to: to / 10 }, why: null },
    },
  ),
  step_offset: from / 10,
  run: 1,
  loss: 'loss',
  learning_rate: null,
  token_counter: 'tokens',
  loss_mask: null,
  objective: null,
  tokenizer: null,
  sources: [],
  targets: [],
  loss_breaks: [],
})

const cell = (score: number, more: Partial<CapabilityCell> = {}): CapabilityCell => ({
  id: '00000000-0000-7000-8000-000000000000',
  score,
  low: score - 0.1,
  high: score + 0.1,
  n: 100,
  trials: 1,
  metric: 'acc',
  fingerprint: 'f',
  broken: null,
  corpus: null,
  parent: null,
  root: null,
  ...more,
})

const accuracy = {
  slug: 'task',
  name: 'Task',
  category: 'task',
  kind: 'accuracy' as const,
  higher_is_better: true,
  chance: 0.125,
  best: null,
  unit: null,
  use: null,
  margin: null,
  twin: null,
  is_target: true,
}

const data: Capability = {
  leaf: 2,
  ends: [],
  goes_on_from: null,
  device_kind: null,
  stages: [stage('base', 0, 1_000), stage('sft', 1_000, 1_500)],
  benchmarks: [
    accuracy,
    { ...accuracy, slug: 'bpb', name: 'General bpb', kind: 'loss', chance: null, is_target: false },
  ],
  points: [
    point(0, 500, [cell(0.1), null]),
    point(0, 1_000, [cell(0.2), cell(2.3)]),
    point(1, 1_500, [
      cell(0.6, { broken: 'another protocol', parent: changed(0.4) }),
      cell(2.4, { parent: changed(0.1) }),
    ]),
  ],
}

function point(stageAt: number, tokens: number, cells: (CapabilityCell | null)[]): Capability['points'][number] {
  const checkpoint = { id: '00000000-0000-7000-8000-000000000000', step: tokens }
  return { stage: stageAt, of_stage: tokens >= 1_000, checkpoint, at: perAxis<number | null>(null, { tokens }), cells }
}

function changed(change: number): NonNullable<CapabilityCell['parent']> {
  return { change, low: change - 0.1, high: change + 0.1, p: 0.01, method: 'paired', reason: null, reading: 'gained' }
}

const { bands } = bandsOfPath(data.stages, 'tokens', 900)
const choice = { columns: [0, 1], axis: 'tokens', against: 'score', unit: 'reported', bands } as const

test('bands are as wide as their tokens', () => expect(bands.map((b) => Math.round(b.width))).toEqual([600, 300]))

test('without a count on the axis stages share the width', () => {
  expect(bandsOfPath(data.stages, 'device_hours', 900).bands.map((b) => b.width)).toEqual([450, 450])
})

test('a checkpoint lies at its tokens within its stage, an uncounted one at the end', () => {
  const [base] = bands
  if (!base) throw new Error('no band')
  expect(xIn(base, 500)).toBe(300)
  expect(xIn(base, null)).toBe(594)
  expect(xIn(base, 9_000)).toBe(594)
})

test('ticks are round and each lies in one band', () => {
  const ticks = axisTicks(bands, 4)
  expect(ticks.map((t) => t.value)).toEqual([0, 500, 1000, 1500])
  expect(ticks.map((t) => Math.round(t.x))).toEqual([0, 300, 600, 900])
})

test('scores are joined within a protocol and broken where it changes, with the reason', () => {
  const [task, bpb] = lanesOfPath(data, choice)
  expect(task?.joins).toEqual([[0, 1]])
  expect(task?.breaks).toEqual([{ x: (594 + 894) / 2, why: 'another protocol' }])
  expect(bpb?.joins).toEqual([[0, 1]])
  expect(bpb?.breaks).toEqual([])
})

test('a missing score is no dot, and no 0', () => {
  expect(lanesOfPath(data, choice)[1]?.dots.map((d) => d.value)).toEqual([2.3, 2.4])
})

test('the scale holds intervals and the chance level', () => {
  const { scale, line } = lanesOfPath(data, choice)[0] ?? {}
  expect(line).toEqual({ value: 0.125, word: 'chance' })
  expect(scale?.min).toBeCloseTo(0, 9)
  expect(scale?.max).toBeGreaterThanOrEqual(0.7)
})

test('against the parent only what has one is drawn, around no change', () => {
  const [task] = lanesOfPath(data, { ...choice, against: 'parent' })
  expect(task?.dots.map((d) => [d.value, d.low, d.high])).toEqual([[0.4, expect.closeTo(0.3, 9), 0.5]])
  expect(task?.line).toEqual({ value: 0, word: 'as the parent' })
  expect(task?.joins).toEqual([])
})

test('of many benchmarks a corpus is shown first, then what the stages aim at', () => {
  expect(usualColumns(data, 1)).toEqual([1])
  const other = { ...accuracy, slug: 'other', name: 'Other' }
  const aimed = { ...data, benchmarks: [other, ...data.benchmarks] }
  aimed.stages = data.stages.map((one, i) => ({ ...one, targets: i === 1 ? ['task'] : [] }))
  expect(usualColumns(aimed, 2)).toEqual([2, 1])
})

test('a part of the path is drawn over the whole width, and stages outside of it are not', () => {
  const { bands: part } = bandsOfPath(data.stages, 'tokens', 900, { from: 500, to: 1_000 })
  expect(part.map((band) => [band.stage, band.x, band.width, band.span])).toEqual([
    [0, 0, 900, { from: 500, to: 1_000 }],
  ])
  const [band] = part
  if (!band) throw new Error('no band')
  expect(xIn(band, 750)).toBe(450)
  expect(xIn(band, 400)).toBeNull()
  expect(valueAt(band, 450)).toBe(750)
  const [task] = lanesOfPath(data, { ...choice, bands: part })
  expect(task?.dots.map((dot) => dot.point)).toEqual([0, 1])
})

test('zooming in halves the part around its middle, zooming out ends at the whole path', () => {
  const whole = wholeOf(data.stages, 'tokens')
  expect(whole).toEqual({ from: 0, to: 1_500 })
  if (!whole) return
  expect(zoomed(whole, whole, 0.5)).toEqual({ from: 375, to: 1_125 })
  expect(zoomed({ from: 0, to: 200 }, whole, 2)).toEqual({ from: 0, to: 400 })
  expect(zoomed({ from: 375, to: 1_125 }, whole, 2)).toBeNull()
})

test('an axis without a number says of which stage, and why', () => {
  expect(missingWords(data.stages, 'device_hours')).toEqual(['base: nothing is told', 'sft: nothing is told'])
  expect(missingWords(data.stages, 'flops')).toEqual([])
})

test('FLOPs rise with the tokens of a stage, steps go on from those of the stage before', () => {
  const [, sft] = data.stages
  if (!sft) throw new Error('no stage')
  expect(placesOn(sft, 'flops')?.toPath(1_250)).toBe(75_000)
  expect(placesOn(sft, 'flops')?.toChart(75_000)).toBe(1_250)
  expect(placesOn(sft, 'steps')?.toPath(20)).toBe(120)
  expect(placesOn(sft, 'wall_hours')).toBeNull()
})

test('a loss is shown in a unit that its documents give, and not where they do not', () => {
  const bits = { score: 1.2, low: 1.1, high: 1.3, documents: 40, broken: null, parent: null, root: null }
  const loss = cell(2.5, { corpus: { name: 'wiki 1', units: { bits_per_byte: bits, nats_per_token: null } } })
  expect(shownCell(loss, 'bits_per_byte')).toMatchObject({ score: 1.2, documents: 40, corpus: 'wiki 1' })
  expect(shownCell(loss, 'nats_per_token')).toBeNull()
  expect(shownCell(loss, 'reported')).toMatchObject({ score: 2.5, documents: 40 })
  const points = data.points.map((one) => ({ ...one, cells: [one.cells[0] ?? null, loss] }))
  expect(unitsOf({ ...data, points })).toEqual(['reported', 'bits_per_byte'])
  expect(unitsOf(data)).toEqual(['reported'])
})

test('a score to reach is a line of its lane alone', () => {
  const lanes = lanesOfPath(data, { ...choice, target: { slug: 'task', score: 0.5 } })
  expect(lanes.map((lane) => lane.target)).toEqual([0.5, null])
})

test('what was not measured at the root is not called uncertain', () => {
  const missing = { ...changed(0), change: null, reading: 'missing_baseline' as const }
  const end = point(1, 1_500, [cell(0.6, { root: changed(0.5) }), cell(2.4, { root: missing })])
  expect(sentenceOf({ ...data, points: [end] })).toBe(
    '2 stages, 1.50k tokens. Of 1 benchmarks sft gained on 1, lost on 0 since base; 1 was not measured there.',
  )
})
