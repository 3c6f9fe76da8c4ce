import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { compareStages } from '#src/services/comparisons/compare-stages.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
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

/** A finished stage with `right` of 200 items on the task and `kept` of 200 on what it should keep. */
async function stage(
  slug: string,
  right: number,
  kept: number,
  more: Parameters<typeof makeExperiment>[3] = {},
  of = project,
) {
  await makeExperiment(lab, of, slug, { benchmarks: [{ benchmark: 'cs-task', role: 'target' }], ...more })
  const run = await makeRun(lab, of, slug)
  const checkpoint = (await makeCheckpoint(run.ctx, run.uid)).id
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
  for (const [bench, n] of [
    ['cs-task', right],
    ['cs-kept', kept],
  ] as const)
    await postEvaluation(run.ctx, {
      ...evaluation({
        benchmark: { ...accuracy, slug: bench, chance: null },
        score: n / 200,
        n: 200,
        items: rightOf(n, 200),
      }),
      checkpoint,
    })
}

const from = (experiment: string) => ({ parents: [{ experiment, kind: 'init' as const }] })
const compare = (stages: string[] = [], more: { baseline?: string } = {}, ctx = lab.user('viewer')) =>
  compareStages(ctx, { workspace: 'lab', project, stages, ...more })

beforeEach(async () => {
  project = (await makeProject(lab)).slug
  await stage('base', 20, 180)
  await stage('full', 160, 60, { ...from('base'), stage: 'task' })
  await stage('lora', 22, 178, { ...from('base'), stage: 'task', method: 'lora', adapter: { kind: 'lora', rank: 8 } })
})

test('without names the widest fork is compared, its parent as the baseline', async () => {
  const found = await compare()
  expect(found.stages.map(({ experiment, is_baseline, is_child }) => [experiment.slug, is_baseline, is_child])).toEqual(
    [
      ['base', true, false],
      ['full', false, true],
      ['lora', false, true],
    ],
  )
  expect(found.choices.map(({ slug }) => slug)).toEqual(['base', 'full', 'lora'])
})

test('gains and losses are paired against the baseline, targets first, and read in one line', async () => {
  const found = await compare(['full', 'lora', 'base'])
  expect(found.stages.map((one) => one.is_baseline)).toEqual([false, false, true])
  expect(found.why.map(({ benchmark, role, differs }) => [benchmark.slug, role, differs])).toEqual([
    ['cs-task', 'target', true],
    ['cs-kept', 'retention', true],
  ])
  const [task, kept] = found.why
  expect(task?.cells[0]).toMatchObject({
    score: 0.8,
    n: 200,
    change: { change: 0.7, reading: 'gained', paired_n: 200 },
  })
  expect(kept?.cells.map((cell) => cell?.change?.reading ?? null)).toEqual(['lost', 'no_difference_found', null])
  expect(found.readings.map((reading) => reading?.title ?? null)).toEqual([
    'cs-task gained, cs-kept lost',
    'no proven gain of cs-task, no proven loss',
    null,
  ])
})

test('another baseline turns the signs', async () => {
  const found = await compare(['base', 'full'], { baseline: 'full' })
  expect(found.why[0]?.cells.map((cell) => cell?.change?.change ?? null)).toEqual([-0.7, null])
})

test('a planned stage shows its plan and what was not measured', async () => {
  await makeExperiment(lab, project, 'later', {
    ...from('base'),
    stage: 'dpo',
    plan: { hours: 4, device_count: 2, device_kind: 'H100', tokens: 1_000_000 },
  })
  const found = await compare(['base', 'later'])
  const hours = found.cost.find(({ key }) => key === 'device-hours')?.cells[1]
  expect(hours).toEqual({ text: null, planned: '8.00', relative: null, missing: 'not measured' })
  expect(found.why[0]?.cells[1]).toBeNull()
  expect(found.readings[1]?.title).toBe('nothing can be compared')
})

test('stages of two projects of a workspace may stand side by side', async () => {
  const other = (await makeProject(lab)).slug
  await stage('base-13b', 40, 190, {}, other)
  const found = await compare(['base', `${other}:base-13b`])
  expect(found.stages.map(({ experiment }) => [experiment.project, experiment.slug])).toEqual([
    [project, 'base'],
    [other, 'base-13b'],
  ])
  expect(found.why[0]?.cells[1]?.change).toMatchObject({ change: 0.1 })
})

test.each<[string[], { baseline?: string }, string]>([
  [['base'], {}, 'One stage was named (base); a comparison takes 2 to 5.'],
  [['1', '2', '3', '1', '2', '3'], {}, '6 stages were named; a comparison takes 2 to 5.'],
  [['base', 'full', '1'], {}, 'The stage "1" is named twice. Name each stage once.'],
  [['base', 'full'], { baseline: 'lora' }, 'The baseline "lora" is none of the stages compared: base, full.'],
])('%j with %j is refused, naming what to do', async (names, more, words) => {
  expect((await expectRefusal(compare(names, more), 'invalid_request')).message).toBe(words)
})

test('a stage that is not there, and somebody from elsewhere, are answered alike', async () => {
  await expectRefusal(compare(['base', 'nobody']), 'not_found')
  await expectRefusal(compare(['base', 'nowhere:base']), 'not_found')
  await expectRefusal(compare(['base', 'full'], {}, lab.stranger()), 'not_found')
})

test('a project without a fork compares nothing yet', async () => {
  project = (await makeProject(lab)).slug
  expect(await compare()).toMatchObject({ stages: [], choices: [] })
})
