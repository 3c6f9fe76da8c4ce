import { describe, expect, test } from 'vitest'
import { moneyOf } from './money-words.ts'
import { readSettings } from './read-settings.ts'
import { type ReadChange, stageReading, tellsApart } from './stage-reading.ts'
import { costRows, howRows, type Money, type StageFacts } from './stage-rows.ts'

const NO_MONEY: Money = { text: null, amount: null, currency: null, missing: null }
const dollars = (amount: number): Money => ({ text: `$${amount}`, amount, currency: 'USD', missing: null })

const stage = (more: Partial<StageFacts> = {}): StageFacts => ({
  kind: 'Task',
  method: null,
  goal: null,
  objective: null,
  lossMask: null,
  mixture: [],
  params: 936_192,
  mitigations: [],
  trainableParams: null,
  adapter: null,
  globalBatch: null,
  sequenceLength: null,
  precision: null,
  settings: null,
  devices: null,
  wallS: null,
  deviceHours: null,
  steps: null,
  tokens: null,
  tokensTotal: null,
  cost: NO_MONEY,
  pathCost: NO_MONEY,
  plan: null,
  isPublished: false,
  ...more,
})
const row = (rows: ReturnType<typeof howRows>, key: string) => rows.find((one) => one.key === key)
const texts = (rows: ReturnType<typeof howRows>, key: string) => row(rows, key)?.cells.map((cell) => cell.text)

describe('how', () => {
  test('what a plan says in words stands as planned, and is no measured value', () => {
    const rows = howRows([stage({ plan: { note: 'GPUs 8–64 · cost $100s' } }), stage()])
    expect(row(rows, 'plan')?.cells.map(({ text, planned, missing }) => [text, planned, missing])).toEqual([
      [null, 'GPUs 8–64 · cost $100s', null],
      [null, null, 'not told'],
    ])
    expect(row(howRows([stage()]), 'plan')).toBeUndefined()
  })

  test('a row differs when the stages do not all say the same, and is left out when none says anything', () => {
    const rows = howRows([stage({ method: 'LoRA' }), stage({ method: null })])
    expect(row(rows, 'kind')?.differs).toBe(false)
    expect(row(rows, 'method')).toMatchObject({
      differs: true,
      cells: [{ text: 'LoRA' }, { text: null, missing: 'not told' }],
    })
    expect(row(rows, 'precision')).toBeUndefined()
  })

  test('data, replay and what is trained are said in shares', () => {
    const mixture = [
      { source: 'task', role: 'target', share: 0.7 },
      { source: 'web', role: 'replay', share: 0.3 },
    ]
    const rows = howRows([
      stage({ mixture, trainableParams: 65_536 }),
      stage({ mixture: [{ source: 'task', role: 'target', share: 1 }] }),
    ])
    expect(texts(rows, 'data')).toEqual(['task 70 %, web 30 %', 'task'])
    expect(texts(rows, 'replay')).toEqual(['30 %', 'none'])
    expect(texts(rows, 'trainable')).toEqual(['65.5k, 7 %', '936k'])
  })

  test('planned stands beside measured where it differs, and alone with its reason where nothing ran', () => {
    const plan = { hours: 2, device_count: 8, device_kind: 'H100', steps: 100 }
    const rows = howRows([stage({ plan }), stage({ plan, wallS: 7200, steps: 90, devices: '8 × H100' })])
    expect(row(rows, 'duration')?.cells).toEqual([
      { text: null, planned: '2 h 0 m', relative: null, missing: 'not measured' },
      { text: '2 h 0 m', planned: null, relative: null, missing: null },
    ])
    expect(row(rows, 'steps')?.cells[1]).toMatchObject({ text: '90', planned: '100' })
    expect(row(rows, 'hardware')?.cells[0]).toMatchObject({ planned: '8 × H100' })
  })

  test('the settings of a run are read under the names that programs use; the rest keep theirs', () => {
    const settings = readSettings({
      optim: 'adamw',
      lr: { peak: 1e-3, warmup: 0.1 },
      weight_decay: 0,
      rows: { task: 40 },
      long: 'x'.repeat(99),
    })
    expect(settings).toEqual({
      optimiser: 'adamw',
      learningRate: 1e-3,
      schedule: null,
      warmup: 0.1,
      weightDecay: 0,
      rest: { 'rows.task': '40' },
    })
    const rows = howRows([
      stage({ settings }),
      stage({ settings: readSettings({ learning_rate: 2e-3, rows: { task: 28 } }) }),
    ])
    expect(texts(rows, 'learning-rate')).toEqual(['0.001', '0.002'])
    expect(texts(rows, 'weight-decay')).toEqual(['0', null])
    expect(texts(rows, 'warmup')).toEqual(['10 %', null])
    expect(texts(rows, 'config:rows.task')).toEqual(['40', '28'])
    // What another row tells already is not told again.
    const twice = howRows([
      stage({ steps: 90, settings: readSettings({ steps: 90, lora_rank: 8 }) }),
      stage({ settings: readSettings({}) }),
    ])
    expect(row(twice, 'config:steps')).toBeUndefined()
    expect(row(twice, 'config:lora_rank')?.cells[1]).toMatchObject({ text: null, missing: 'not set' })
  })
})

describe('cost', () => {
  test('each stage is set against the baseline', () => {
    const rows = costRows(
      [stage({ tokens: 200, wallS: 0 }), stage({ tokens: 218, wallS: 5 }), stage({ tokens: 150 })],
      0,
    )
    expect(row(rows, 'tokens')?.cells.map((cell) => cell.relative)).toEqual([null, '+9 %', '−25 %'])
    // Nothing can be said against 0 or against what nobody measured.
    expect(row(rows, 'wall')?.cells.map((cell) => cell.relative)).toEqual([null, null, null])
  })

  test('says why there is no money: nothing measured, not published, or a price missing', () => {
    const rows = costRows(
      [stage(), stage({ isPublished: true }), stage({ deviceHours: 1 }), stage({ cost: dollars(5) })],
      0,
    )
    expect(row(rows, 'cost')?.cells.map(({ text, missing }) => text ?? missing)).toEqual([
      'not measured',
      'not published',
      'price missing',
      '$5',
    ])
  })
})

describe('money', () => {
  const of = (currency: string, amount: string) => ({ currency, amount, low: amount, high: amount })
  const lack = (why: 'no_price' | 'no_hardware', runId: number) => ({ why, runId, what: 'L40S', on: null })

  test('is told whole, in its currencies, and without the runs that it lacks', () => {
    expect(moneyOf({ amounts: [of('USD', '12.31')], lacks: [], assumed: false })).toEqual({
      text: '$12.31',
      amount: 12.31,
      currency: 'USD',
      missing: null,
    })
    expect(moneyOf({ amounts: [of('EUR', '4'), of('USD', '12.31')], lacks: [], assumed: false })).toMatchObject({
      text: '€4.00 + $12.31',
      amount: null,
    })
    expect(
      moneyOf({ amounts: [of('USD', '12.31')], lacks: [lack('no_price', 1), lack('no_price', 2)], assumed: false }),
    ).toMatchObject({ text: '$12.31 without 2 runs', amount: null })
  })

  test('that is not known is missing, never 0', () => {
    expect(moneyOf({ amounts: [], lacks: [lack('no_price', 1)], assumed: false })).toMatchObject({
      text: null,
      missing: 'price missing',
    })
    expect(moneyOf({ amounts: [], lacks: [lack('no_hardware', 1)], assumed: false }).missing).toBe('not measured')
    expect(moneyOf({ amounts: [], lacks: [], assumed: false })).toMatchObject({ text: null, missing: null })
  })

  test('of two currencies is not set against one another', () => {
    const rows = costRows(
      [stage({ cost: dollars(5) }), stage({ cost: { ...dollars(6), currency: 'EUR' } }), stage({ cost: dollars(6) })],
      0,
    )
    expect(row(rows, 'cost')?.cells.map((cell) => cell.relative)).toEqual([null, null, '+20 %'])
  })
})

describe('what a stage did', () => {
  const change = (
    name: string,
    reading: ReadChange['reading'],
    utility: number | null,
    isTarget = false,
  ): ReadChange => ({
    name,
    isTarget,
    utility,
    reading,
    severity: utility ?? 0,
  })

  test.each<[ReadChange[], string]>([
    [
      [change('task', 'gained', 1, true), change('format', 'lost', -5), change('facts', 'lost', -9)],
      'task gained, facts lost',
    ],
    [[change('other', 'gained', 9), change('task', 'gained', 1, true)], 'task gained, no proven loss'],
    [
      [change('task', 'no_difference_found', 0.1, true), change('bpb', 'no_interval', -1)],
      'no proven gain of task, no proven loss',
    ],
    [[change('task', 'missing_baseline', null, true)], 'nothing can be compared'],
    [[], 'nothing can be compared'],
  ])('is told in one line: %#', (changes, title) => expect(stageReading(changes).title).toBe(title))

  test('counts what was proven, what is unclear and what stands apart', () =>
    expect(
      stageReading([
        change('a', 'gained', 1),
        change('b', 'no_interval', -1),
        change('c', 'not_comparable', null),
        change('d', 'lost', -1),
      ]),
    ).toMatchObject({ gained: 1, lost: 1, unclear: 1, apart: 1 }))

  test('a benchmark without any difference found tells no stages apart', () => {
    expect(tellsApart([null, change('a', 'no_difference_found', 0.1)])).toBe(false)
    expect(tellsApart([null, change('a', 'not_comparable', null)])).toBe(true)
    expect(tellsApart([change('a', 'no_interval', -0.1)])).toBe(true)
  })
})

test('what was done against forgetting is a row of tags, and a stage of which nothing says so is not told', () => {
  const rows = howRows([stage({ mitigations: ['replay', 'weight_decay'] }), stage({})])
  expect(rows.find((row) => row.key === 'mitigations')?.cells.map(({ text, missing }) => text ?? missing)).toEqual([
    'replay, weight decay',
    'not told',
  ])
})
