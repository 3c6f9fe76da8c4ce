import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createCaller } from '#src/api/trpc/procedures.ts'
import { appRouter } from '#src/api/trpc/root.ts'
import { createV1 } from '#src/api/v1/app.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { getTriangle } from '#src/services/forgetting/triangle.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: string
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = (await makeProject(lab)).slug
})

/** A stage that aims at a benchmark, with one checkpoint. */
async function stage(slug: string, parent: string | null, target: string | null) {
  await makeExperiment(lab, project, slug, {
    ...(parent !== null && { parents: [{ experiment: parent, kind: 'init' as const }] }),
    ...(target !== null && { benchmarks: [{ benchmark: target, role: 'target' as const }] }),
  })
  const run = await makeRun(lab, project, slug)
  const { id } = await makeCheckpoint(run.ctx, run.uid)
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
  return (benchmark: string, right: number, shots = 0) =>
    postEvaluation(run.ctx, {
      ...evaluation({
        benchmark: { ...accuracy, slug: benchmark, name: benchmark, chance: 0 },
        protocol: { task: benchmark, shots, harness: 'test' },
        score: right / 100,
        n: 100,
        items: rightOf(right, 100),
      }),
      checkpoint: id,
    })
}

/** base → law → code → maths, each after base aiming at what it is named for; R is known to the last digit. */
async function threeTargets() {
  const base = await stage('base', null, null)
  const law = await stage('law', 'base', 'law-exam')
  const code = await stage('code', 'law', 'code-exam')
  const maths = await stage('maths', 'code', 'maths-exam')
  for (const [at, onLaw, onCode, onMaths] of [
    [base, 30, 10, 5],
    [law, 70, 20, 8],
    [code, 74, 50, 12],
    [maths, 61, 40, 66],
  ] as const) {
    await at('law-exam', onLaw)
    await at('code-exam', onCode)
    await at('maths-exam', onMaths)
  }
}

const triangle = (experiment: string) => getTriangle(lab.user('viewer'), { workspace: 'lab', project, experiment })

test('every model stands on the target of every stage, also before it was trained', async () => {
  await threeTargets()
  const { stages, cells, without } = await triangle('maths')
  expect(stages.map(({ experiment, targets }) => [experiment.slug, targets.map(({ slug }) => slug)])).toEqual([
    ['law', ['law-exam']],
    ['code', ['code-exam']],
    ['maths', ['maths-exam']],
  ])
  expect(without).toEqual(['base'])
  expect(cells.map((row) => row.map(({ score }) => score && Math.round(score)))).toEqual([
    [70, 20, 8],
    [74, 50, 12],
    [61, 40, 66],
  ])
})

test('the conventions give their own numbers: T − 1 and T, since the own stage, over all models, and honest', async () => {
  await threeTargets()
  const { measures } = await triangle('maths')
  const of = (key: keyof typeof measures) => [measures[key].of?.value.toFixed(4), measures[key].of?.over]
  expect(of('final_accuracy')).toEqual([((61 + 40 + 66) / 3).toFixed(4), 3])
  expect(of('learning_accuracy')).toEqual([((70 + 50 + 66) / 3).toFixed(4), 3])
  expect(of('backward_transfer')).toEqual([((-9 - 10) / 2).toFixed(4), 2])
  expect(of('backward_transfer_over_t')).toEqual([((-9 - 10) / 3).toFixed(4), 3])
  expect(of('forgetting')).toEqual([((13 + 10) / 2).toFixed(4), 2])
  expect(of('forgetting_over_t')).toEqual([((13 + 10) / 3).toFixed(4), 3])
  expect(of('forgetting_over_all')).toEqual([((13 + 10) / 2).toFixed(4), 2])
  expect(of('forward_transfer')).toEqual([((20 + 12) / 2).toFixed(4), 2])
  // Items lie in one order for all: the same model is best on both halves, and the halves lose alike on average.
  expect(measures.forgetting_honest.of?.value).toBeCloseTo((13 + 10) / 2, 0)
  expect(measures.backward_transfer.of?.low).toBeLessThan(-9.5)
})

test('a missing cell is no zero: what needs it is not defined, with the reason', async () => {
  const law = await stage('law', null, 'law-exam')
  const code = await stage('code', 'law', 'code-exam')
  await law('law-exam', 70)
  await code('code-exam', 50)
  const { cells, measures } = await triangle('code')
  expect(cells[1]?.[0]).toEqual({ score: null, reason: 'law-exam was not measured on code' })
  expect(measures.learning_accuracy.of?.value).toBeCloseTo(60, 9)
  for (const key of ['final_accuracy', 'backward_transfer', 'forgetting', 'forgetting_over_all'] as const)
    expect(measures[key]).toEqual({ of: null, reason: 'law-exam was not measured on code' })
  expect(measures.forward_transfer.reason).toBe('code-exam was not measured on law')
})

test('another protocol is no score of the same target', async () => {
  const law = await stage('law', null, 'law-exam')
  const code = await stage('code', 'law', 'code-exam')
  await law('law-exam', 70)
  await code('law-exam', 65, 5)
  await code('code-exam', 50)
  expect((await triangle('code')).cells[1]?.[0]).toEqual({
    score: null,
    reason: 'law-exam at code: another protocol: shots differs',
  })
})

test('one stage has no past to forget', async () => {
  const law = await stage('law', null, 'law-exam')
  await law('law-exam', 70)
  const { measures } = await triangle('law')
  expect(measures.forgetting).toEqual({ of: null, reason: 'BWT and F need two stages with a target' })
  expect(measures.final_accuracy.of).toMatchObject({ value: 70, over: 1 })
})

test('a path without a target says so', async () => {
  await stage('base', null, null)
  const { stages, measures } = await triangle('base')
  expect(stages).toEqual([])
  expect(measures.final_accuracy.reason).toBe('no stage of this path has a target benchmark')
})

test('both doors give the same triangle; a stage that is not there is refused', async () => {
  await threeTargets()
  const reader = lab.key('read')
  const door = createV1({ services: lab.services, identify: async () => reader.actor, closed: () => null })
  const answer = await door.request(`/api/v1/projects/${project}/experiments/maths/triangle`, {
    headers: { authorization: 'Bearer reader' },
  })
  expect(answer.status).toBe(200)
  const caller = createCaller(appRouter)(lab.user('viewer'))
  expect(await caller.forgetting.triangle({ workspace: 'lab', project, experiment: 'maths' })).toEqual(
    await answer.json(),
  )
  await expectRefusal(triangle('nowhere'), 'not_found')
})
