import { expect, test } from 'vitest'
import type { Capability, CapabilityCell, CapabilityStage } from '#src/protocol/capability.ts'
import { axisTicks, bandsOfPath, lanesOfPath, usualColumns, xIn } from './prepare-capability.ts'

const stage = (name: string, from: number, to: number): CapabilityStage => ({
  experiment: { project: 'p', number: 1, slug: name, name, stage_kind: 'instruction' },
  method: null,
  state: 'finished',
  tokens: { from, to },
  device_hours: null,
  run: 1,
  loss: 'loss',
  learning_rate: null,
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
  return { stage: stageAt, of_stage: tokens >= 1_000, checkpoint, tokens, device_hours: null, cells }
}

function changed(change: number): NonNullable<CapabilityCell['parent']> {
  return { change, low: change - 0.1, high: change + 0.1, p: 0.01, method: 'paired', reason: null, reading: 'gained' }
}

const { bands } = bandsOfPath(data.stages, 'tokens', 900)
const choice = { columns: [0, 1], axis: 'tokens', against: 'score', bands } as const

test('bands are as wide as their tokens', () => expect(bands.map((b) => Math.round(b.width))).toEqual([600, 300]))

test('without a count on the axis stages share the width', () => {
  expect(bandsOfPath(data.stages, 'device_hours', 900).bands.map((b) => b.width)).toEqual([450, 450])
})

test('a checkpoint lies at its tokens within its stage, an uncounted one at the end', () => {
  const [base] = bands
  if (!base) throw new Error('no band')
  expect(xIn(base, 'tokens', 500)).toBe(300)
  expect(xIn(base, 'tokens', null)).toBe(594)
  expect(xIn(base, 'tokens', 9_000)).toBe(594)
})

test('ticks are round and each lies in one band', () => {
  const ticks = axisTicks(bands, 'tokens', 4)
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
