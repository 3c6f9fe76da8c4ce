import { afterAll, beforeAll, expect, test } from 'vitest'
import { Pipeline } from '#src/protocol/pipeline.ts'
import { getStageVerdict } from '#src/services/forgetting/verdict.ts'
import { launchPipeline } from '#src/services/pipelines/launch.ts'
import { type Lab, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

const file = (experiments: Record<string, unknown>) =>
  Pipeline.parse({ version: 1, name: 'Lifecycle', defaults: { evaluate: { recipe: 'evaluate' } }, experiments })
const base = { stage: 'pretrain', root: { kind: 'random_init' }, recipe: 'base' }
const good = file({
  base,
  sft: { stage: 'instruction', recipe: 'sft', parents: [{ experiment: 'base', kind: 'init' }] },
})
const launch = (project: string, pipeline = good, ctx = lab.user('editor')) =>
  launchPipeline(ctx, {
    workspace: ctx.actor.kind === 'user' ? 'lab' : undefined,
    project,
    pipeline,
    quick: false,
  })

const counts = async () => {
  const [row] = await lab.database.sql`
    select (select count(*)::int from projects) as projects, (select count(*)::int from experiments) as experiments,
      (select count(*)::int from runs) as runs, (select count(*)::int from jobs) as jobs,
      (select count(*)::int from pipelines) as pipelines`
  return row
}

test('plans stages, runs and jobs at once; only what has its inputs waits for no one', async () => {
  const state = await launch('good')
  expect(state.experiments.map(({ slug, runs }) => [slug, runs])).toEqual([
    ['base', 2],
    ['sft', 2],
  ])
  expect(state.jobs.map(({ recipe, state }) => [recipe, state])).toEqual([
    ['base', 'queued'],
    ['evaluate', 'waiting'],
    ['sft', 'waiting'],
    ['evaluate', 'waiting'],
  ])
})

test('gives every stage the budget of the file, and its own where it has one', async () => {
  const own = {
    stage: 'task',
    recipe: 'task',
    parents: [{ experiment: 'base', kind: 'init' }],
    budget: { gate: 'warn' },
  }
  await launch('budgets', { ...file({ base, own }), defaults: { ...good.defaults, budget: { points: 10 } } })
  const budgetOf = async (experiment: string) =>
    (await getStageVerdict(lab.user('viewer'), { workspace: 'lab', project: 'budgets', experiment })).budget
  expect(await budgetOf('base')).toMatchObject({ points: 10, gate: 'fail', gate_default: true })
  expect(await budgetOf('own')).toMatchObject({ points: 10, gate: 'warn', gate_default: false })
})

test.each([
  ['a mixture whose shares do not sum', { base: { ...base, mixture: [{ source: 'books', share: 0.4 }] } }],
  ['a stage without a parent', { base, sft: { stage: 'instruction', recipe: 'sft' } }],
  ['an unknown stage in the last place', { base, sft: { ...base, stage: 'taks' } }],
])('with %s is refused, and nothing is written, no project either', async (_, experiments) => {
  const before = await counts()
  await expectRefusal(launch('never', file(experiments)), 'invalid_request')
  expect(await counts()).toEqual(before)
})

test('by whoever may not queue jobs makes no project', async () => {
  const before = await counts()
  await expectRefusal(launch('never', good, lab.key('ingest')), 'forbidden')
  await expectRefusal(launch('never', good, lab.user('viewer')), 'forbidden')
  expect(await counts()).toEqual(before)
})

test('a second launch into the same project is refused, naming what is there', async () => {
  await launch('twice')
  const before = await counts()
  expect((await expectRefusal(launch('twice'), 'conflict')).message).toContain('base, sft')
  expect(await counts()).toEqual(before)
})
