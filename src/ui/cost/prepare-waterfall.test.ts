import { expect, test } from 'vitest'
import type { StageCost } from '#src/protocol/cost.ts'
import type { CostSegment, CostTotal } from '#src/protocol/cost-parts.ts'
import type { UnitChoice } from './cost-units.ts'
import { prepareWaterfall } from './prepare-waterfall.ts'
import { amountIn } from './totals.ts'

const money = (amount: string): CostTotal => ({
  amounts: [{ currency: 'USD', amount, low: amount, high: amount }],
  lacks: [],
  runs_lacking: 0,
  assumed: false,
})

const unpriced = (run: number): CostTotal => ({
  amounts: [],
  lacks: [{ why: 'no_price', run: { project: 'p', number: run }, what: 'L40S', on: '2026-03-02' }],
  runs_lacking: 1,
  assumed: false,
})

const segment = (kind: CostSegment['kind'], hours: number, total: CostTotal, run = 1): CostSegment => ({
  kind,
  total,
  hours: [{ device_kind: 'cpu', device: 'cpu-core', allocated: hours, used: null, coverage: null }],
  runs: [run],
  attempts: 1,
})

const notAvailable = { state: 'not_available' as const, reason: 'no sensor' }

function stage(name: string, segments: CostSegment[], more: Partial<StageCost> = {}): StageCost {
  const amounts = segments.flatMap((s) => s.total.amounts)
  const sum = String(amounts.reduce((all, a) => all + Math.round(Number(a.amount) * 100), 0) / 100)
  const total: CostTotal = {
    amounts: amounts.length > 0 ? money(sum).amounts : [],
    lacks: segments.flatMap((s) => s.total.lacks),
    runs_lacking: segments.some((s) => s.total.lacks.length > 0) ? 1 : 0,
    assumed: false,
  }
  return {
    experiment: { project: 'p', number: 1, slug: name, name, stage_kind: 'task' },
    role: 'stage',
    place: 'inside',
    used_by: [],
    segments,
    beside: [],
    total,
    in_view: total,
    beside_total: money('0'),
    plan: null,
    tokens: null,
    per_million_tokens: [],
    wall_s: null,
    down_s: null,
    started_at: null,
    ended_at: null,
    energy: notAvailable,
    carbon: notAvailable,
    flops: notAvailable,
    mfu: notAvailable,
    embodied: null,
    ...more,
  } as StageCost
}

const inMoney: UnitChoice = { unit: 'money', currency: 'USD', device: 'cpu' }
const inTime: UnitChoice = { unit: 'time', currency: 'USD', device: 'cpu' }

const base = stage('base', [segment('work', 2, money('0.20')), segment('rolled_back', 0.5, money('0.05'))])
const sft = stage('sft', [segment('work', 1, money('0.10')), segment('evaluation', 0.1, money('0.01'), 2)], {
  beside: [segment('failed', 0.3, money('0.03'), 3)],
})
const branch = stage('other', [segment('work', 1, money('0.10'))], { place: 'abandoned' })
const whole = (choice: UnitChoice, stages = [base, sft], branches = [branch]) =>
  prepareWaterfall({ stages, branches, shareOf: () => 1, modelName: 'the model', hasProject: true }, choice)

test('bars stand on each other; totals begin at 0', () => {
  const { bars, most } = whole(inMoney)
  expect(bars.map(({ name, from, to }) => [name, Number(from.toFixed(9)), Number(to.toFixed(9))])).toEqual([
    ['base', 0, 0.25],
    ['sft', 0.25, 0.36],
    ['the model', 0, 0.36],
    ['other', 0.36, 0.46],
    ['failed', 0.46, 0.49],
    ['project', 0, 0.49],
  ])
  expect(most).toBeCloseTo(0.49, 9)
})

test('the model and the project are exact sums of their bars', () => {
  const { bars } = whole(inMoney)
  const exact = (name: string) => amountIn(bars.find((bar) => bar.name === name)?.total ?? money('0'), 'USD')
  expect(exact('the model')).toBe('0.36')
  expect(exact('project')).toBe('0.49')
})

test('rolled back, evaluation and failed work are segments of their own', () => {
  const { bars, kinds } = whole(inTime)
  expect(bars[0]?.parts.map((part) => [part.kind, part.value])).toEqual([
    ['work', 2],
    ['rolled_back', 0.5],
  ])
  expect(bars[4]?.parts.map((part) => [part.kind, part.runs])).toEqual([['failed', [3]]])
  expect(kinds).toEqual(['work', 'evaluation', 'rolled_back'])
})

test('an unknown price is no bar of 0 and makes the total say what it lacks', () => {
  const dark = stage('dark', [segment('work', 1, unpriced(7), 7)])
  const { bars } = whole(inMoney, [base, dark], [])
  expect(bars[1]).toMatchObject({ value: null, lacks: 'price missing' })
  expect(bars[2]?.total.runs_lacking).toBe(1)
  expect(bars[2]?.lacks).toBe('without 1 of 2')
  expect(whole(inTime, [base, dark], []).bars[1]?.value).toBe(1)
})

test('of a shared stage the view takes its share, with the ledger’s amount', () => {
  const shared = { ...base, in_view: money('0.125') }
  const { bars } = prepareWaterfall(
    {
      stages: [shared, sft],
      branches: [],
      shareOf: (s) => (s === shared ? 0.5 : 1),
      modelName: 'the model',
      hasProject: true,
    },
    inMoney,
  )
  expect(bars[0]?.value).toBe(0.125)
  expect(bars[0]?.parts.reduce((sum, part) => sum + (part.value ?? 0), 0)).toBeCloseTo(0.125, 12)
  expect(amountIn(bars[2]?.total ?? money('0'), 'USD')).toBe('0.235')
})

test('what is not available is said, not drawn as nothing', () => {
  const { bars } = whole({ unit: 'energy', currency: 'USD', device: 'cpu' })
  expect(bars[0]).toMatchObject({ value: null, lacks: 'no sensor' })
})
