import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CostAsk, StageCost } from '#src/protocol/cost.ts'
import type { CostTotal } from '#src/protocol/cost-parts.ts'
import { getBaseUse } from '#src/services/cost/base-use.ts'
import { addCostEntry } from '#src/services/cost/entries.ts'
import { getHardwareUse } from '#src/services/cost/hardware-use.ts'
import { getLineageCost } from '#src/services/cost/lineage-cost.ts'
import { getPlanCost } from '#src/services/cost/plan-cost.ts'
import { addPrices } from '#src/services/cost/price-book.ts'
import { getProjectCost, getStageCost } from '#src/services/cost/project-cost.ts'
import { getRunCost } from '#src/services/cost/run-cost.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'
import { at, DAY, makePastRun } from './world.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
  await addPrices(lab.user('admin'), {
    workspace: lab.workspace,
    book: 'default',
    prices: [
      { device: 'L4', currency: 'USD', typical: '1', low: '0.5', high: '2', assumed: false, source: 'a test list' },
    ],
    rates: [],
  })
})
afterAll(() => lab.close())

const ASK: CostAsk = { book: 'default', people: false, pue: 1 }
const ask = (project: string) => ({ ...ASK, workspace: lab.workspace, project })
const usd = (total: CostTotal | undefined) => Number(total?.amounts.find((a) => a.currency === 'USD')?.amount ?? 0)
const kinds = (segments: StageCost['segments'] | undefined) =>
  Object.fromEntries((segments ?? []).map(({ kind, total }) => [kind, usd(total)]))

/**
 * base (10 h, killed at 6 after a checkpoint at 4, resumed from it) → sft (2 h) → dpoA (1 h, and a failed run of 3 h) and dpoB (4 h); dpoA
 * also refers to sft. One L4 at 1 USD per hour.
 */
async function family() {
  const { slug } = await makeProject(lab)
  await makeExperiment(lab, slug, 'base', { params: 1_000_000 })
  const base = await makePastRun(lab, slug, {
    experiment: 'base',
    attempts: [
      { from: 0, to: 6, reason: 'killed' },
      { from: 7, to: 11, fromStep: 40 },
    ],
    checkpoints: [
      { step: 40, hour: 4 },
      { step: 100, hour: 11, attempt: 2 },
    ],
  })
  const baseEnd = base.checkpoints[1] as string
  await makeExperiment(lab, slug, 'sft', { parents: [{ checkpoint: baseEnd, kind: 'init' }] })
  const sft = await makePastRun(lab, slug, {
    experiment: 'sft',
    attempts: [{ from: 12, to: 14 }],
    checkpoints: [{ step: 10, hour: 14 }],
  })
  const sftEnd = sft.checkpoints[0] as string
  await makeExperiment(lab, slug, 'dpo-a', {
    stage: 'preference',
    parents: [
      { checkpoint: sftEnd, kind: 'init' },
      { checkpoint: sftEnd, kind: 'reference' },
    ],
  })
  await makePastRun(lab, slug, {
    experiment: 'dpo-a',
    attempts: [{ from: 15, to: 18, reason: 'failed' }],
    state: 'failed',
  })
  await makePastRun(lab, slug, {
    experiment: 'dpo-a',
    attempts: [{ from: 18, to: 19 }],
    checkpoints: [{ step: 5, hour: 19 }],
  })
  await makeExperiment(lab, slug, 'dpo-b', { stage: 'preference', parents: [{ checkpoint: sftEnd, kind: 'init' }] })
  await makePastRun(lab, slug, {
    experiment: 'dpo-b',
    attempts: [{ from: 19, to: 23 }],
    checkpoints: [{ step: 5, hour: 23 }],
  })
  return { slug, base, sft }
}

describe('the cost of a lineage', () => {
  test('counts each ancestor once, its reference too; rolled-back work inside, failed runs and other branches beside', async () => {
    const { slug } = await family()
    const found = await getLineageCost(lab.user('viewer'), { ...ask(slug), leaf: 'dpo-a', view: 'full', compare: [] })
    expect(found.stages.map(({ experiment }) => experiment.slug)).toEqual(['base', 'sft', 'dpo-a'])
    expect(found.stages.map(({ segments }) => kinds(segments))).toEqual([
      { work: 8, rolled_back: 2 },
      { work: 2 },
      { work: 1 },
    ])
    expect(kinds(found.stages[2]?.beside)).toEqual({ failed: 3 })
    expect(found.abandoned.map(({ experiment, place, total }) => [experiment.slug, place, usd(total)])).toEqual([
      ['dpo-b', 'abandoned', 4],
    ])
    expect([found.totals.full, found.totals.other_work, found.totals.abandoned].map(usd)).toEqual([13, 3, 4])
    expect(found.totals.full.amounts).toEqual([{ currency: 'USD', amount: '13', low: '6.5', high: '26' }])
    expect(found.stages[0]).toMatchObject({ wall_s: 36_000, down_s: 3600 })
    expect(found.sources).toMatchObject([
      { device: 'L4', source: 'a test list', per_hour: '1', on: DAY, device_hours: 20 },
    ])
  })

  test('Σ device-hours × price of the rows is the money of the bars', async () => {
    const { slug } = await family()
    const found = await getLineageCost(lab.user('viewer'), { ...ask(slug), leaf: 'dpo-a', view: 'full', compare: [] })
    const rows = found.pieces.reduce((sum, piece) => sum + piece.device_hours * Number(piece.per_hour), 0)
    const bars = [...found.stages, ...found.abandoned].reduce((sum, s) => sum + usd(s.total) + usd(s.beside_total), 0)
    expect(rows).toBeCloseTo(20, 9)
    expect(bars).toBeCloseTo(rows, 9)
  })

  test('compares leaves in three views, of which the allocated ones sum to the union', async () => {
    const { slug } = await family()
    const view = async (leaf: string, other: string, name: 'full' | 'marginal' | 'allocated') =>
      getLineageCost(lab.user('viewer'), { ...ask(slug), leaf, view: name, compare: [other] })
    const [a, b] = [await view('dpo-a', 'dpo-b', 'allocated'), await view('dpo-b', 'dpo-a', 'allocated')]
    expect([a.totals.full, a.totals.marginal, a.totals.allocated].map(usd)).toEqual([13, 1, 7])
    expect([b.totals.full, b.totals.marginal, b.totals.allocated].map(usd)).toEqual([16, 4, 10])
    expect([a.totals.union, a.totals.naive_sum].map(usd)).toEqual([17, 29])
    expect(a.abandoned).toEqual([])
    expect(a.stages.map(({ used_by, in_view }) => [used_by.length, usd(in_view)])).toEqual([
      [2, 5],
      [2, 1],
      [1, 1],
    ])
    const marginal = await view('dpo-a', 'dpo-b', 'marginal')
    expect(marginal.stages.map(({ in_view }) => usd(in_view))).toEqual([0, 0, 1])
  })

  test('cuts a run at the checkpoint that the leaf starts from: later steps are other work', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base')
    const run = await makePastRun(lab, slug, {
      experiment: 'base',
      attempts: [{ from: 0, to: 10 }],
      checkpoints: [
        { step: 30, hour: 3 },
        { step: 100, hour: 10 },
      ],
    })
    await makeExperiment(lab, slug, 'fork', { parents: [{ checkpoint: run.checkpoints[0] as string, kind: 'init' }] })
    await makePastRun(lab, slug, {
      experiment: 'fork',
      attempts: [{ from: 11, to: 12 }],
      checkpoints: [{ step: 1, hour: 12 }],
    })
    const found = await getLineageCost(lab.user('viewer'), { ...ask(slug), leaf: 'fork', view: 'full', compare: [] })
    expect(usd(found.totals.full)).toBe(4)
    expect(kinds(found.stages[0]?.beside)).toEqual({ later_steps: 7 })
    expect(usd((await getProjectCost(lab.user('viewer'), ask(slug))).totals.all)).toBe(11)
  })

  test('holds evaluations of the checkpoint, duplicates of its run and entries; people only when asked', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base')
    const same = { experiment: 'base', config: { lr: 1 }, seed: 3 }
    await makePastRun(lab, slug, { ...same, attempts: [{ from: 0, to: 2 }], checkpoints: [{ step: 9, hour: 2 }] })
    await makePastRun(lab, slug, { ...same, attempts: [{ from: 2, to: 3 }], checkpoints: [{ step: 9, hour: 3 }] })
    await makePastRun(lab, slug, { ...same, seed: 4, attempts: [{ from: 3, to: 7 }], state: 'stopped' })
    await makePastRun(lab, slug, { experiment: 'base', run: 'evaluate', attempts: [{ from: 8, to: 8.5 }] })
    const editor = lab.user('editor')
    const entry = { workspace: lab.workspace, project: slug, experiment: 'base', currency: 'USD', on: DAY, note: '' }
    await addCostEntry(editor, {
      ...entry,
      kind: 'api_tokens',
      quantity: '2.5',
      unit: 'million tokens',
      per_unit: '4',
      assumed: false,
    })
    await addCostEntry(editor, { ...entry, kind: 'people', amount: '500', assumed: true })
    const of = async (people: boolean) =>
      getLineageCost(lab.user('viewer'), { ...ask(slug), people, leaf: 'base', view: 'full', compare: [] })
    const found = await of(false)
    expect(kinds(found.stages[0]?.segments)).toEqual({ work: 1, duplicate: 2, evaluation: 0.5, api_tokens: 10 })
    expect(kinds(found.stages[0]?.beside)).toEqual({ other_run: 4 })
    expect(found.excludes).toContain('time of people')
    expect(usd((await of(true)).totals.full)).toBe(513.5)
  })

  test('says which runs it lacks a price or hardware for, and adds nothing for them', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base')
    const run = await makePastRun(lab, slug, {
      experiment: 'base',
      attempts: [{ from: 0, to: 2 }],
      checkpoints: [{ step: 9, hour: 2 }],
      device: 'Unheard-of 9000',
    })
    await makeExperiment(lab, slug, 'sft', { parents: [{ checkpoint: run.checkpoints[0] as string, kind: 'init' }] })
    const second = await makePastRun(lab, slug, {
      experiment: 'sft',
      attempts: [{ from: 3, to: 4 }],
      checkpoints: [{ step: 9, hour: 4 }],
      holds: false,
    })
    const { totals } = await getLineageCost(lab.user('viewer'), {
      ...ask(slug),
      leaf: 'sft',
      view: 'full',
      compare: [],
    })
    expect(totals.full.amounts).toEqual([])
    expect(totals.full.runs_lacking).toBe(2)
    expect(totals.full.lacks).toEqual([
      { why: 'no_price', run: { project: slug, number: run.number }, what: 'Unheard-of 9000', on: DAY },
      { why: 'no_hardware', run: { project: slug, number: second.number }, what: `run ${second.number}`, on: null },
    ])
  })

  test('adds currencies only through a dated rate, and names what is missing', async () => {
    const book = `euro-${randomUUID().slice(0, 8)}`
    const admin = lab.user('admin')
    const euro = { device: 'L4', currency: 'EUR', typical: '2', assumed: false, source: 'a test list', provider: 'OVH' }
    await addPrices(admin, { workspace: lab.workspace, book, prices: [euro], rates: [] })
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base')
    await makePastRun(lab, slug, {
      experiment: 'base',
      attempts: [{ from: 0, to: 3 }],
      checkpoints: [{ step: 9, hour: 3 }],
      provider: 'OVH',
    })
    const inDollars = () =>
      getLineageCost(admin, { ...ask(slug), book, currency: 'USD', leaf: 'base', view: 'full', compare: [] })
    expect((await inDollars()).totals.full).toMatchObject({
      amounts: [],
      lacks: [{ why: 'no_rate', what: 'EUR to USD', on: DAY }],
      runs_lacking: 1,
    })
    const rate = { from: 'EUR', to: 'USD', rate: '1.5', on: DAY, source: 'a test bank' }
    await addPrices(admin, { workspace: lab.workspace, book, prices: [], rates: [rate] })
    const found = await inDollars()
    expect(usd(found.totals.full)).toBe(9)
    expect(found.rates).toEqual([rate])
    await expectRefusal(getProjectCost(admin, { ...ask(slug), currency: 'USX' }), 'invalid_request')
  })

  test('keeps what an external base took apart, in no total of money', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'llama', {
      stage: 'external_base',
      root: {
        kind: 'external_base',
        name: 'meta-llama/Llama-3.1-8B',
        embodied: { device: 'H100 SXM', device_hours: 1_460_000, kg_co2e: 420_000, source: 'its model card' },
      },
    })
    await makeExperiment(lab, slug, 'sft', { parents: [{ experiment: 'llama', kind: 'init' }] })
    await makePastRun(lab, slug, {
      experiment: 'sft',
      attempts: [{ from: 0, to: 1 }],
      checkpoints: [{ step: 9, hour: 1 }],
    })
    const found = await getLineageCost(lab.user('viewer'), { ...ask(slug), leaf: 'sft', view: 'full', compare: [] })
    expect(usd(found.totals.full)).toBe(1)
    expect(found.totals.full.lacks).toEqual([])
    expect(found.stages[0]).toMatchObject({
      role: 'base',
      total: { amounts: [] },
      embodied: { device_hours: 1_460_000, kg_co2e: 420_000, kwh: null },
    })
    expect(found.excludes).toContain('what external bases took before (embodied)')
  })

  test('may go over several projects of the workspace', async () => {
    const { slug, base } = await family()
    const other = await makeProject(lab)
    await makeExperiment(lab, other.slug, 'sft', {
      parents: [{ checkpoint: base.checkpoints[1] as string, kind: 'init' }],
    })
    await makePastRun(lab, other.slug, {
      experiment: 'sft',
      attempts: [{ from: 12, to: 13 }],
      checkpoints: [{ step: 1, hour: 13 }],
    })
    const found = await getLineageCost(lab.user('viewer'), {
      ...ask(other.slug),
      leaf: 'sft',
      view: 'full',
      compare: [],
    })
    expect(usd(found.totals.full)).toBe(11)
    expect(usd((await getProjectCost(lab.user('viewer'), ask(other.slug))).totals.all)).toBe(1)
    const use = await getBaseUse(lab.user('viewer'), { ...ask(slug), experiment: 'base', served_tokens: 5_000_000 })
    expect(
      use.children.map(({ experiment, is_direct }) => [experiment.project === slug, experiment.slug, is_direct]),
    ).toEqual([
      [true, 'sft', true],
      [true, 'dpo-a', false],
      [true, 'dpo-b', false],
      [false, 'sft', true],
    ])
    expect([use.per_child[0]?.amount, use.per_million_served[0]?.amount]).toEqual(['5', '2'])
  })

  test('of a stage that was never made is its plan, and of an unknown one there is none', async () => {
    const { slug } = await makeProject(lab)
    await expectRefusal(
      getLineageCost(lab.user('viewer'), { ...ask(slug), view: 'full', compare: [] }),
      'invalid_request',
    )
    await makeExperiment(lab, slug, 'base', {
      plan: { hours: 3, device_count: 2, money: { amount: '6', currency: 'USD' } },
    })
    const found = await getLineageCost(lab.user('viewer'), { ...ask(slug), leaf: 'base', view: 'full', compare: [] })
    expect(found.totals.full).toEqual({ amounts: [], lacks: [], runs_lacking: 0, assumed: false })
    await expectRefusal(
      getLineageCost(lab.user('viewer'), { ...ask(slug), leaf: 'x', view: 'full', compare: [] }),
      'not_found',
    )
    const plan = async () => (await getPlanCost(lab.user('viewer'), ask(slug))).stages[0]
    expect(await plan()).toMatchObject({ planned: { device_hours: 6 }, over: null, reason: 'nothing was spent yet' })
    await makePastRun(lab, slug, {
      experiment: 'base',
      attempts: [{ from: 0, to: 4 }],
      count: 2,
      checkpoints: [{ step: 1, hour: 4 }],
    })
    expect(await plan()).toMatchObject({ actual: { device_hours: 8 }, over: { amount: '2', currency: 'USD' } })
  })
})

describe('used and idle time', () => {
  test('are told from samples of utilisation: idle beyond ten minutes is a segment of its own', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base')
    const run = await makePastRun(lab, slug, {
      experiment: 'base',
      attempts: [{ from: 0, to: 2 }],
      checkpoints: [{ step: 9, hour: 2 }],
    })
    // Every minute: one hour at 80 %, then one hour at 0.
    const start = Date.parse(at(0))
    const steps = Array.from({ length: 121 }, (_, i) => i)
    const body = {
      groups: [
        {
          step: steps,
          t: steps.map((i) => start + i * 60_000),
          m: {
            'system/m/gpu.0.util': steps.map((i) => (i <= 60 ? 80 : 0)),
            'system/m/gpu.0.power_w': steps.map((i) => (i <= 60 ? 70 : 10)),
          },
        },
      ],
    }
    await lab.services.metrics.append({
      workspaceId: lab.workspaceId,
      projectId: (await lab.database.sql`select project_id as id from runs where id = ${run.id}`)[0]?.id as number,
      runId: run.id,
      clientId: randomUUID(),
      seq: 1,
      attempt: 1,
      fence: 0,
      body: Buffer.from(JSON.stringify(body)),
    })
    const found = await getRunCost(lab.user('viewer'), { ...ask(slug), run: run.number, grid: 'SWE' })
    const hours = Object.fromEntries(found.segments.map(({ kind, hours }) => [kind, hours[0]?.allocated]))
    expect(hours.idle).toBeCloseTo(59 / 60, 9)
    expect(hours.work).toBeCloseTo(61 / 60, 9)
    expect(found.hours[0]?.used).toBeCloseTo(0.8, 1)
    expect(found.hours[0]?.coverage).toBeGreaterThan(0.98)
    expect(found.energy).toMatchObject({ state: 'measured', at_least: false, devices: 1 })
    expect(found.energy.state === 'measured' && found.energy.wh).toBeCloseTo(70 + 40 / 60 + (10 * 59) / 60, 6)
    expect(found.carbon).toMatchObject({ state: 'reckoned', kg_per_kwh: 0.0407 })

    const use = (part: { from?: string; to?: string }) =>
      getHardwareUse(lab.user('viewer'), { workspace: lab.workspace, project: slug, run: run.number, px: 600, ...part })
    const whole = await use({})
    expect(whole.held).toEqual({ from: at(0), to: at(2) })
    expect(whole.pieces.map(({ kind }) => kind)).toEqual(['work', 'idle'])
    expect(whole.lines.map(({ quantity, device, unit }) => [quantity, device, unit])).toEqual([
      ['utilisation', 'm/gpu.0', '%'],
      ['power', 'm/gpu.0', 'W'],
    ])
    expect(whole.lines[0]?.values[0]).toBe(80)
    const measured = found.energy.state === 'measured' && found.energy.wh
    expect(whole.part?.energy).toMatchObject({
      state: 'measured',
      at_least: false,
      devices: 1,
      wh: expect.closeTo(Number(measured), 6),
    })
    expect(whole.mfu).toMatchObject({ state: 'not_available' })
    // The half hour around the change: 31 minutes at work (the sample of the hour still was), 29 idle.
    const half = await use({ from: at(0.5), to: at(1.5) })
    expect(half.part?.kinds.map(({ kind, device_hours }) => [kind, Math.round(device_hours * 60)])).toEqual([
      ['work', 31],
      ['idle', 29],
    ])
    expect(half.part?.energy).toMatchObject({ state: 'measured', wh: expect.closeTo(35 + 40 / 60 + (10 * 29) / 60, 6) })
    // Beyond the samples nothing is measured, and it is not estimated either.
    expect((await use({ from: at(3), to: at(4) })).part?.energy).toMatchObject({ state: 'not_available' })
    expect(usd(half.part?.total)).toBeCloseTo(1, 9)
    await expectRefusal(use({ from: at(1), to: at(0) }), 'invalid_request')
    await expectRefusal(
      getHardwareUse(lab.stranger(), { workspace: lab.workspace, project: slug, run: run.number, px: 600 }),
      'not_found',
    )
    await expectRefusal(
      getRunCost(lab.user('viewer'), { ...ask(slug), run: run.number, grid: 'XYZ' }),
      'invalid_request',
    )
  })

  test('a machine without sensors: the price is assumed, energy, carbon and MFU are not available and say so', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base', { params: 900_000 })
    await makePastRun(lab, slug, {
      experiment: 'base',
      attempts: [{ from: 0, to: 1 }],
      checkpoints: [{ step: 9, hour: 1 }],
      kind: 'cpu',
      device: 'AMD EPYC',
      count: 2,
    })
    const found = await getStageCost(lab.user('viewer'), { ...ask(slug), experiment: 'base' })
    expect(found.total).toMatchObject({ amounts: [{ amount: '0.08', low: '0.02', high: '0.1' }], assumed: true })
    expect(found.sources).toMatchObject([{ device: 'cpu-core', assumed: true }])
    for (const value of [found.energy, found.carbon, found.mfu])
      expect(value).toMatchObject({
        state: 'not_available',
        reason: expect.stringContaining('not available on this machine'),
      })
    expect(found.flops).toMatchObject({ state: 'reckoned', flops: 6 * 900_000 * 9000 })
  })

  test('a run that is at work costs up to now', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base')
    await makeRun(lab, slug, 'base')
    const found = await getStageCost(lab.user('viewer'), { ...ask(slug), experiment: 'base' })
    expect(found.segments.map(({ kind }) => kind)).toEqual(['work'])
  })
})

test('a stranger and a key of another project see nothing', async () => {
  const { slug } = await family()
  await expectRefusal(getProjectCost(lab.stranger(), { ...ask(slug) }), 'not_found')
  const other = await makeProject(lab)
  await expectRefusal(
    getProjectCost(lab.key('read', other.id), { ...ask(slug), workspace: undefined } as never),
    'not_found',
  )
  await expectRefusal(getProjectCost(lab.key('ingest'), { ...ASK, project: slug }), 'forbidden')
})
