import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LineageAxis } from '#src/core/metrics/chart-choices.ts'
import { addPrices } from '#src/services/cost/price-book.ts'
import { getRunCost } from '#src/services/cost/run-cost.ts'
import { readChart } from '#src/services/metrics/read-chart.ts'
import { type Lab, makeExperiment, makeProject, openLab } from '#test/factories/lab.ts'
import { at, type Made, makePastRun, type PastRun } from '../cost/world.ts'

const PARAMS = 1_000_000
let lab: Lab
let project: { slug: string; id: number }
const runs: Record<string, Made> = {}

/**
 * base: two L4 for 4 h, gone on from after 3; sft: one L4 from hour 5 to 7; dear: an L40S that has no price; bare: no parameters; and a
 * stage after each of the last two.
 */
beforeAll(async () => {
  lab = await openLab()
  await addPrices(lab.user('admin'), {
    workspace: lab.workspace,
    book: 'default',
    prices: [{ device: 'L4', currency: 'EUR', typical: '1.5', assumed: false, source: 'a test list' }],
    rates: [],
  })
  project = await makeProject(lab)
  await makeExperiment(lab, project.slug, 'base', { params: PARAMS })
  await trained('base', { from: 0, to: 4, saved: 3, count: 2 })
  await after('base', 'sft', { params: PARAMS })
  await trained('sft', { from: 5, to: 7 })
  await after('base', 'dear', { params: PARAMS })
  await trained('dear', { from: 5, to: 7, device: 'Abacus 9' })
  await after('base', 'bare', {})
  await trained('bare', { from: 5, to: 7 })
  await after('dear', 'after-dear', { params: PARAMS })
  await trained('after-dear', { from: 8, to: 9 })
  await after('bare', 'after-bare', { params: PARAMS })
  await trained('after-bare', { from: 8, to: 9 })
})
afterAll(() => lab.close())

const after = (parent: string, name: string, more: object) =>
  makeExperiment(lab, project.slug, name, { ...more, parents: [{ experiment: parent, kind: 'init' }] })

/** Ten points, evenly over its hours, each after 1,000 more tokens; its checkpoint at step 10 tells 10,000. */
async function trained(
  experiment: string,
  { from, to, saved = to, ...more }: { from: number; to: number; saved?: number } & Pick<PastRun, 'device' | 'count'>,
): Promise<void> {
  const run = await makePastRun(lab, project.slug, {
    experiment,
    attempts: [{ from, to }],
    checkpoints: [{ step: 10, hour: saved }],
    ...more,
  })
  runs[experiment] = run
  const step = Array.from({ length: 10 }, (_, i) => i + 1)
  const t = step.map((i) => Date.parse(at(from)) + (i / 10) * (to - from) * 3_600_000)
  const m = { loss: step.map((i) => 3 - i / 10), tokens: step.map((i) => i * 1000) }
  await lab.services.metrics.append({
    workspaceId: lab.workspaceId,
    projectId: project.id,
    runId: run.id,
    clientId: randomUUID(),
    seq: 1,
    attempt: 1,
    fence: 0,
    body: Buffer.from(JSON.stringify({ groups: [{ step, t, m }] })),
  })
}

const chartOf = (x: LineageAxis, name: string, as = lab.user('viewer')) =>
  readChart(as, {
    workspace: lab.workspace,
    project: project.slug,
    runs: [runs[name]?.number ?? 0],
    metrics: ['loss'],
    x,
    px: 800,
    superseded: false,
  })
const placesOf = async (x: LineageAxis, name: string) => [...((await chartOf(x, name)).series[0]?.x ?? [])]
const whyNot = async (x: LineageAxis, name: string) => (await chartOf(x, name)).left_out?.map(({ why }) => why)

describe('FLOPs since the root', () => {
  test('begin at 0 and rise by 6N a token', async () =>
    expect(await placesOf('lineage_flops', 'base')).toEqual(
      Array.from({ length: 10 }, (_, i) => 6 * PARAMS * 1000 * (i + 1)),
    ))

  test('go on behind a parent where its checkpoint was', async () => {
    const places = await placesOf('lineage_flops', 'sft')
    expect([places[0], places.at(-1)]).toEqual([6 * PARAMS * 11_000, 6 * PARAMS * 20_000])
  })

  test('are unknown for a stage that tells no parameters and for all behind it, which name it', async () => {
    expect(await whyNot('lineage_flops', 'bare')).toEqual(['the number of parameters is not told'])
    expect(await whyNot('lineage_flops', 'after-bare')).toEqual([
      'of bare before it, the number of parameters is not told',
    ])
    expect(await placesOf('lineage_flops', 'after-bare')).toEqual([])
  })

  test('a range in view holds the points in it and no others', async () => {
    const chart = await readChart(lab.user('viewer'), {
      workspace: lab.workspace,
      project: project.slug,
      runs: [runs.sft?.number ?? 0],
      metrics: ['loss'],
      x: 'lineage_flops',
      from: 6 * PARAMS * 13_000,
      to: 6 * PARAMS * 15_000,
      px: 800,
      superseded: false,
    })
    expect([...(chart.series[0]?.x ?? [])]).toEqual([13, 14, 15].map((k) => 6 * PARAMS * k * 1000))
  })
})

describe('cost since the root', () => {
  test('is what was held up to each point by the price book, in its currency', async () => {
    const chart = await chartOf('lineage_cost', 'base')
    expect(chart.currency).toBe('EUR')
    expect(chart.series[0]?.x.at(-1)).toBeCloseTo(2 * 4 * 1.5, 9)
    expect(chart.series[0]?.x[0]).toBeCloseTo(2 * 0.4 * 1.5, 9)
  })

  test('counts a parent up to the checkpoint that was gone on from, and ends as the cost page says', async () => {
    const places = await placesOf('lineage_cost', 'sft')
    const own = await getRunCost(lab.user('viewer'), {
      book: 'default',
      people: false,
      pue: 1,
      workspace: lab.workspace,
      project: project.slug,
      run: runs.sft?.number ?? 0,
    })
    expect(own.total.amounts).toMatchObject([{ amount: '3', currency: 'EUR' }])
    expect(places.at(-1)).toBeCloseTo(2 * 3 * 1.5 + 3, 9)
  })

  test('is unknown without a price, and for all behind it: never 0', async () => {
    expect(await whyNot('lineage_cost', 'dear')).toEqual(['there is no price for Abacus 9 on 2026-03-01'])
    expect(await whyNot('lineage_cost', 'after-dear')).toEqual([
      `of run ${runs.dear?.number} behind it, there is no price for Abacus 9 on 2026-03-01`,
    ])
    expect(await placesOf('lineage_cost', 'after-dear')).toEqual([])
  })

  test('names a run of another project with that, and to a key that may not see it not at all', async () => {
    const far = await makeProject(lab)
    await makeExperiment(lab, far.slug, 'far', { params: PARAMS })
    const past = { attempts: [{ from: 0, to: 1 }], checkpoints: [{ step: 1, hour: 1 }], device: 'Abacus 9' }
    const theirs = await makePastRun(lab, far.slug, { experiment: 'far', ...past })
    const parents = [{ project: far.slug, experiment: 'far', kind: 'init' as const }]
    await makeExperiment(lab, project.slug, 'after-far', { params: PARAMS, parents })
    await trained('after-far', { from: 5, to: 7 })
    const why = 'there is no price for Abacus 9 on 2026-03-01'
    expect(await whyNot('lineage_cost', 'after-far')).toEqual([
      `of run ${theirs.number} of ${far.slug} behind it, ${why}`,
    ])
    const bound = await chartOf('lineage_cost', 'after-far', lab.key('read', project.id))
    expect(bound.left_out?.map((one) => one.why)).toEqual([`of a run of another project behind it, ${why}`])
  })
})
