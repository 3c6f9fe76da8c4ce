import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ExperimentInput } from '#src/protocol/experiments.ts'
import { getBenchmark } from '#src/services/evaluations/benchmark-page.ts'
import { getChanges } from '#src/services/evaluations/changes.ts'
import { getMatrix } from '#src/services/evaluations/matrix/get.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { getEvaluationTable } from '#src/services/evaluations/table.ts'
import { getExperiment } from '#src/services/experiments/get.ts'
import { accuracy, evaluation } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'

let lab: Lab
let project: { slug: string; id: number }
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = await makeProject(lab)
})

const price = {
  input: '2.50',
  output: '10',
  currency: 'USD',
  as_of: '2026-11-01',
  source: 'price list of the provider',
}
const root = { kind: 'api_model' as const, name: 'big-model-1', provider: 'Somebody', price }
const place = () => ({ workspace: 'lab', project: project.slug })

test('an API model is measured on a checkpoint without weights, and says its price per token', async () => {
  await makeExperiment(lab, project.slug, 'api', { stage: 'external_base', root })
  const found = await getExperiment(lab.user('viewer'), { ...place(), experiment: 'api' })
  expect(found.root).toEqual(root)
  const [checkpoint] = await lab.database.sql`
    select c.uid, c.run_id, c.size_bytes, c.location from checkpoints c join experiments e on e.id = c.experiment_id
    where e.project_id = ${project.id} and e.slug = 'api'`
  expect(checkpoint).toMatchObject({ run_id: null, size_bytes: 0, location: 'big-model-1@Somebody' })
  await postEvaluation(lab.key('ingest'), { ...evaluation({ score: 0.8 }), checkpoint: checkpoint?.uid })
  const table = await getEvaluationTable(lab.user('viewer'), place())
  expect(table.rows.map((row) => [row.experiment.slug, row.run, row.cells[0]?.score])).toEqual([['api', null, 0.8]])
  // The head of its column in the matrix tells the price.
  const matrix = await getMatrix(lab.user('viewer'), {
    ...place(),
    set: 'stages',
    baseline: 'parent',
    from: 0,
    count: 9,
  })
  expect(matrix.stages?.map((stage) => [stage.name, stage.price])).toEqual([['api', root.price]])
})

test.each([
  ['an amount with a comma', { input: '2,50' }],
  ['an amount below zero', { output: '-1' }],
  ['a currency in lower case', { currency: 'usd' }],
  ['a day that is none', { as_of: '2026-13-01' }],
  ['no source', { source: '' }],
])('%s is refused', (_, change) => {
  const input = { stage: 'external_base', root: { ...root, price: { ...price, ...change } } }
  const answer = ExperimentInput.safeParse(input)
  expect(answer.error?.issues[0]?.path).toEqual(['root', 'price', Object.keys(change)[0]])
})

test('a base with its best prompt stands beside the base, and what descends from it is compared with the base as it is', async () => {
  await makeExperiment(lab, project.slug, 'base')
  const run = await makeRun(lab, project.slug, 'base')
  const base = (await makeCheckpoint(run.ctx, run.uid)).id
  await makeExperiment(lab, project.slug, 'sft', { parents: [{ checkpoint: base, kind: 'init' }] })
  const theirs = await makeRun(lab, project.slug, 'sft')
  const sft = (await makeCheckpoint(theirs.ctx, theirs.uid)).id
  const benchmark = { ...accuracy, slug: `quiz-${project.slug}` }
  const protocol = { task: 'quiz', shots: 0, harness: 'h' }
  const post = (checkpoint: string, more: Parameters<typeof evaluation>[0]) =>
    postEvaluation(lab.key('ingest'), { ...evaluation({ benchmark, protocol, ...more }), checkpoint })
  await post(base, { score: 0.5 })
  await post(base, {
    score: 0.7,
    variant: 'best prompt',
    protocol: { ...protocol, shots: 8, prompt_template: 'Think.' },
  })
  await post(sft, { score: 0.75 })
  const viewer = lab.user('viewer')
  const [change] = await getChanges(viewer, { checkpoint: sft, baseline: 'parent' })
  expect([change?.baseline, change?.change]).toEqual([0.5, 0.25])
  const page = await getBenchmark(viewer, { workspace: 'lab', benchmark: benchmark.slug })
  expect(page.measured.map((m) => [m.experiment.slug, m.variant, m.score]).sort()).toEqual([
    ['base', '', 0.5],
    ['base', 'best prompt', 0.7],
    ['sft', '', 0.75],
  ])
})
