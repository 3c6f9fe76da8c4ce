/** Costs beside device-hours: entries of a whole project, what checkpoints take, how often training was interrupted. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addCostEntry, listCostEntriesOfProject } from '#src/services/cost/entries.ts'
import { getProjectCost } from '#src/services/cost/project-cost.ts'
import { getStoredCheckpoints } from '#src/services/cost/stored-checkpoints.ts'
import { makeCheckpoint, sha256 } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { DAY, makePastRun } from './world.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

const entry = { currency: 'USD', on: DAY, assumed: false, note: '' } as const
const place = (project: string) => ({ workspace: lab.workspace, project })

test('entries of all stages are read together, the corrected ones too', async () => {
  const { slug } = await makeProject(lab)
  await makeExperiment(lab, slug, 'base')
  await makeExperiment(lab, slug, 'sft')
  const ctx = lab.user('editor')
  const first = await addCostEntry(ctx, { ...entry, ...place(slug), experiment: 'base', kind: 'labels', amount: '5' })
  await addCostEntry(ctx, { ...entry, ...place(slug), experiment: 'sft', kind: 'api_tokens', amount: '2' })
  await addCostEntry(ctx, {
    ...entry,
    ...place(slug),
    experiment: 'base',
    kind: 'labels',
    amount: '6',
    supersedes: first.id,
  })
  const { items } = await listCostEntriesOfProject(lab.user('viewer'), place(slug))
  expect(
    items.map(({ experiment, amount, superseded_by }) => [experiment.slug, amount, superseded_by !== null]),
  ).toEqual([
    ['base', '5', true],
    ['sft', '2', false],
    ['base', '6', false],
  ])
})

describe('what checkpoints take', () => {
  test('is told by stage, an adapter apart from whole weights; deleted ones are gone, and no size is no 0', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base')
    await makeExperiment(lab, slug, 'lora', {
      stage: 'task',
      parents: [{ experiment: 'base', kind: 'adapter_on' }],
      adapter: { kind: 'lora', rank: 8, merged: false },
    })
    const base = await makePastRun(lab, slug, {
      experiment: 'base',
      attempts: [{ from: 0, to: 1 }],
      checkpoints: [
        { step: 10, hour: 0.5 },
        { step: 20, hour: 1 },
        { step: 30, hour: 1 },
      ],
    })
    const lora = await makePastRun(lab, slug, {
      experiment: 'lora',
      attempts: [{ from: 1, to: 2 }],
      checkpoints: [{ step: 5, hour: 2 }],
    })
    const { sql } = lab.database
    await sql`update checkpoints set size_bytes = 13500000000 where uid = any(${base.checkpoints.slice(0, 2)}::uuid[])`
    await sql`update checkpoints set deleted_at = now() where uid = ${base.checkpoints[1] ?? ''}`
    await sql`update checkpoints set size_bytes = 80000000 where uid = any(${lora.checkpoints}::uuid[])`
    const found = await getStoredCheckpoints(lab.user('viewer'), place(slug))
    expect(
      found.stages.map(({ experiment, kind, checkpoints, bytes, unsized }) => [
        experiment.slug,
        kind,
        checkpoints,
        bytes,
        unsized,
      ]),
    ).toEqual([
      ['base', 'weights', 2, 13_500_000_000, 1],
      ['lora', 'adapter', 1, 80_000_000, 0],
    ])
    expect(found.price).toBeNull()
  })

  test('counts a file that two stages keep once, at the first of them, and says so of the other', async () => {
    const { slug, id } = await makeProject(lab)
    for (const experiment of ['base', 'fork', 'third']) {
      await makeExperiment(lab, slug, experiment)
      const run = await makeRun(lab, slug, experiment)
      await makeCheckpoint(run.ctx, run.uid)
    }
    await lab.database.sql`
      update checkpoint_files f set sha256 = ${sha256('shared')}, size_bytes = 1000
      from checkpoints c join experiments x on x.id = c.experiment_id
      where c.id = f.checkpoint_id and x.project_id = ${id} and x.slug <> 'third'`
    const { stages } = await getStoredCheckpoints(lab.user('viewer'), place(slug))
    expect(stages.map((s) => [s.experiment.slug, s.bytes, s.bytes_here, s.bytes_shared])).toEqual([
      ['base', 1000, 1000, 0],
      ['fork', 0, 0, 1000],
      ['third', stages[2]?.bytes_here, stages[2]?.bytes, 0],
    ])
    expect(stages[2]?.bytes).toBeGreaterThan(0)
  })

  test('is priced by the newest entry of storage by the GB-month that nobody corrected', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base')
    const ctx = lab.user('editor')
    const storage = { ...entry, ...place(slug), experiment: 'base', kind: 'storage' as const, unit: 'GB-months' }
    await addCostEntry(ctx, { ...storage, quantity: '10', per_unit: '0.02' })
    const wrong = await addCostEntry(ctx, { ...storage, quantity: '10', per_unit: '9' })
    await addCostEntry(ctx, { ...storage, amount: '1', quantity: null, unit: null, supersedes: wrong.id })
    const { price } = await getStoredCheckpoints(lab.user('viewer'), place(slug))
    expect(price).toMatchObject({ per_gb_month: '0.02', currency: 'USD', on: DAY })
  })
})

test('interruptions are attempts of training that something from outside ended, over the hours of training', async () => {
  const { slug } = await makeProject(lab)
  await makeExperiment(lab, slug, 'base')
  await makePastRun(lab, slug, {
    experiment: 'base',
    attempts: [
      { from: 0, to: 2, reason: 'killed' },
      { from: 3, to: 4, reason: 'failed' },
      { from: 5, to: 8, reason: 'finished' },
    ],
    checkpoints: [{ step: 9, hour: 8, attempt: 3 }],
  })
  await makePastRun(lab, slug, {
    experiment: 'base',
    run: 'evaluate',
    attempts: [{ from: 8, to: 9, reason: 'killed' }],
  })
  const { interruptions } = await getProjectCost(lab.user('viewer'), {
    ...place(slug),
    book: 'default',
    people: false,
    pue: 1,
  })
  expect(interruptions).toEqual({ events: 1, hours: 6 })
})
