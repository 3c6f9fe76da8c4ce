import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Provenance } from '#src/protocol/provenance.ts'
import { deleteCheckpoint } from '#src/services/checkpoints/delete.ts'
import { getNearestCheckpoint } from '#src/services/checkpoints/nearest.ts'
import { getProvenance } from '#src/services/checkpoints/provenance.ts'
import { addPrices } from '#src/services/cost/price-book.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { updateExperiment } from '#src/services/experiments/update.ts'
import { updateProject } from '#src/services/projects/update.ts'
import { getRunDetail } from '#src/services/runs/detail.ts'
import { moveRun } from '#src/services/runs/move.ts'
import { updateRun } from '#src/services/runs/update.ts'
import { useInputs as noteInputs } from '#src/services/runs/use.ts'
import { evaluation } from '#test/factories/evaluations.ts'
import { type Lab, makeExperiment, makeProject, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'
import { type Made, makePastRun } from '../cost/world.ts'

let lab: Lab
let project: { slug: string; id: number }
let other: { slug: string; id: number }
let base: Made
let sft: Made

/**
 * base in a project of its own: four hours of one L4, saved at steps 5 and 10 after hours 2 and 4; sft goes on from step 5 for two hours, in
 * another project, saved at steps 10 and 20.
 */
beforeAll(async () => {
  lab = await openLab()
  await addPrices(lab.user('admin'), {
    workspace: lab.workspace,
    book: 'default',
    prices: [{ device: 'L4', currency: 'EUR', typical: '1.5', assumed: false, source: 'a test list' }],
    rates: [],
  })
  other = await makeProject(lab)
  project = await makeProject(lab)
  await makeExperiment(lab, other.slug, 'base', {
    mixture: [{ source: 'web', role: 'pretrain', share: 1, tokens: 10_000 }],
  })
  base = await makePastRun(lab, other.slug, {
    experiment: 'base',
    attempts: [{ from: 0, to: 4 }],
    checkpoints: [
      { step: 5, hour: 2 },
      { step: 10, hour: 4 },
    ],
  })
  await makeExperiment(lab, project.slug, 'sft', {
    parents: [{ checkpoint: base.checkpoints[0], kind: 'init', note: 'before the cool-down' }],
  })
  sft = await makePastRun(lab, project.slug, {
    experiment: 'sft',
    attempts: [
      { from: 5, to: 6 },
      { from: 6, to: 7, fromStep: 10 },
    ],
    checkpoints: [
      { step: 10, hour: 6 },
      { step: 20, hour: 7, attempt: 2 },
    ],
  })
  // An attempt begins behind the checkpoint that it resumes from.
  await lab.database.sql`update attempts set first_step = 11 where run_id = ${sft.id} and number = 2`
  await lab.database.sql`update runs set environment = ${lab.database.sql.json({
    command: ['python', 'train.py', '--lr', '3e-5'],
    git: { commit: 'c0ffee'.repeat(6), branch: 'main', dirty: true },
  })} where id = ${sft.id}`
  await noteInputs(lab.key('ingest'), { run: sft.uid, items: [{ kind: 'dataset', name: 'chats', version: 'v2' }] })
  for (const score of [0.4, 0.6])
    await postEvaluation(lab.key('ingest'), { ...evaluation({ score }), checkpoint: sft.checkpoints[1] as string })
})
afterAll(() => lab.close())

const viewer = () => lab.user('viewer')
const of = (checkpoint: string | undefined, as = viewer()) => getProvenance(as, { checkpoint: checkpoint ?? '' })
const money = ({ cost }: { cost: Provenance['cost'] }) =>
  cost?.amounts.map(({ amount, currency }) => `${amount} ${currency}`)

test('a checkpoint tells its stages from the root, over projects, with run, attempt, code, data, hardware and evaluations', async () => {
  const found = await of(sft.checkpoints[1])
  expect(
    found.stages.map(({ experiment, checkpoint, run }) => [
      experiment.project,
      experiment.slug,
      checkpoint?.step,
      run?.number,
    ]),
  ).toEqual([
    [other.slug, 'base', 5, base.number],
    [project.slug, 'sft', 20, sft.number],
  ])
  const [root, last] = found.stages
  expect(root).toMatchObject({ from: null, root: { kind: 'random_init' }, data: [{ source: 'web', share: 1 }] })
  expect(last?.from).toEqual({ kind: 'init', weight: null, note: 'before the cool-down', inferred: false })
  expect(last?.run).toMatchObject({
    uid: sft.uid,
    attempt: { number: 2, first_step: 11 },
    code: { commit: 'c0ffee'.repeat(6), branch: 'main', dirty: true },
    command: 'python train.py --lr 3e-5',
    inputs: [{ kind: 'dataset', name: 'chats', version: 'v2' }],
    hardware: [{ device_name: 'NVIDIA L4', count: 1, hours: 2 }],
  })
  // The newer result of the same protocol took the place of the older one.
  expect(found.evaluations.map(({ benchmark, score, n }) => [benchmark.slug, score, n])).toEqual([['mmlu', 0.6, 100]])
  expect(found.checkpoint).toMatchObject({ id: sft.checkpoints[1], step: 20, tokens: 20_000, evaluated: 1 })
})

test('its cost is that of each stage up to what was handed on, and of its own up to this step', async () => {
  const whole = await of(sft.checkpoints[1])
  // base until hour 2 and all of sft: 2 h + 2 h at 1.5.
  expect([money(whole), ...whole.stages.map(money)]).toEqual([['6 EUR'], ['3 EUR'], ['3 EUR']])
  const earlier = await of(sft.checkpoints[0])
  expect([money(earlier), ...earlier.stages.map(money)]).toEqual([['4.5 EUR'], ['3 EUR'], ['1.5 EUR']])
  expect(money(await of(base.checkpoints[1]))).toEqual(['6 EUR'])
})

test('the same id leads to it after run, stage and project were renamed, and the run was moved to another stage', async () => {
  const id = sft.checkpoints[1]
  const as = lab.user('editor')
  await updateRun(as, { run: sft.uid, name: 'renamed' })
  await updateExperiment(as, { workspace: 'lab', project: project.slug, experiment: 'sft', slug: 'chat', name: 'Chat' })
  const fresh = `${project.slug}-fresh`
  await updateProject(as, { workspace: 'lab', project: project.slug, slug: fresh })
  await makeExperiment(lab, fresh, 'elsewhere', { parents: [{ checkpoint: base.checkpoints[0], kind: 'init' }] })
  expect((await of(id)).stages.at(-1)).toMatchObject({
    experiment: { project: fresh, slug: 'chat' },
    run: { project: fresh, number: sft.number, name: 'renamed' },
  })
  await moveRun(as, { run: sft.uid, experiment: 'elsewhere' })
  const moved = await of(id)
  expect(moved.stages.map(({ experiment }) => experiment.slug)).toEqual(['base', 'elsewhere'])
  expect(moved.evaluations).toHaveLength(1)
  // Links by the old names, which other pages hold, lead to the same run.
  const run = await getRunDetail(viewer(), { workspace: 'lab', project: project.slug, run: sft.number })
  expect(run.uid).toBe(sft.uid)
})

test('from a place of a curve to the nearest checkpoint, by step and by tokens', async () => {
  const near = async (place: { step?: number; tokens?: number }) =>
    (await getNearestCheckpoint(viewer(), { run: sft.uid, ...place })).checkpoint?.step
  expect([await near({ step: 14 }), await near({ step: 15 }), await near({ step: 16 })]).toEqual([10, 10, 20])
  expect([await near({ tokens: 14_000 }), await near({ tokens: 19_000 })]).toEqual([10, 20])
  await expectRefusal(getNearestCheckpoint(viewer(), { run: sft.uid }), 'invalid_request')
  const none = await makePastRun(lab, other.slug, { experiment: 'base', attempts: [{ from: 9, to: 10 }] })
  expect((await getNearestCheckpoint(viewer(), { run: none.uid, step: 3 })).checkpoint).toBeNull()
})

test('a deleted checkpoint still tells where it came from', async () => {
  const id = base.checkpoints[1] ?? ''
  await deleteCheckpoint(lab.user('admin'), { checkpoint: id })
  const found = await of(id)
  expect(found.checkpoint.deleted_at).toEqual(expect.any(String))
  expect(found.stages).toHaveLength(1)
})

test('who sees one project alone hears of the stages of another, not of their runs; strangers hear that nothing is there', async () => {
  const id = sft.checkpoints[1]
  const [root, last] = (await of(id, lab.key('read', project.id))).stages
  expect(root).toMatchObject({ experiment: { slug: 'base' }, run: null })
  expect(last?.run?.uid).toBe(sft.uid)
  await expectRefusal(of(id, lab.stranger()), 'not_found')
  await expectRefusal(of(id, lab.key('ingest')), 'forbidden')
  await expectRefusal(getProvenance(viewer(), { workspace: 'elsewhere', checkpoint: id ?? '' }), 'not_found')
})
