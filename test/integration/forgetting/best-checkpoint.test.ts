import { afterAll, beforeAll, expect, test } from 'vitest'
import { createV1 } from '#src/api/v1/app.ts'
import type { BestCheckpoint } from '#src/protocol/best-checkpoint.ts'
import { pinStageCheckpoint } from '#src/services/checkpoints/pin.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { getBestCheckpoint } from '#src/services/forgetting/best-checkpoint.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'

let lab: Lab
let project: string

beforeAll(async () => {
  lab = await openLab()
  project = (await makeProject(lab)).slug
  await makeExperiment(lab, project, 'base')
  await trained('base', { 100: { law: 300, mmlu: 800 } })
  await makeExperiment(lab, project, 'sft', {
    parents: [{ experiment: 'base', kind: 'init' }],
    benchmarks: [
      { benchmark: 'law', role: 'target' },
      { benchmark: 'mmlu', role: 'retention', tolerance: 0.05 },
      { benchmark: 'safety', role: 'safety' },
    ],
  })
  await trained('sft', {
    100: { law: 500, mmlu: 800, safety: 900 },
    200: { law: 700, mmlu: 795, safety: 900 },
    300: { law: 705, mmlu: 700, safety: 900 },
    400: { law: 990 },
    500: { mmlu: 800 },
  })
})
afterAll(() => lab.close())

/** A run with a checkpoint at each step, on which so many of 1,000 items of each benchmark are right. */
async function trained(experiment: string, steps: Readonly<Record<number, Readonly<Record<string, number>>>>) {
  const run = await makeRun(lab, project, experiment)
  for (const [step, scores] of Object.entries(steps)) {
    const { id } = await makeCheckpoint(run.ctx, run.uid, Number(step))
    for (const [benchmark, right] of Object.entries(scores))
      await postEvaluation(run.ctx, {
        ...evaluation({
          benchmark: { ...accuracy, slug: benchmark, name: benchmark, chance: 0 },
          protocol: { task: benchmark, shots: 0, harness: 'test' },
          score: right / 1000,
          n: 1000,
          items: rightOf(right, 1000),
        }),
        checkpoint: id,
      })
  }
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
}

const best = (more: { target?: string; uncertain?: 'allow' | 'exclude'; floor?: number } = {}, experiment = 'sft') =>
  getBestCheckpoint(lab.user('viewer'), { workspace: 'lab', project, experiment, uncertain: 'allow', ...more })

const stepOf = ({ best: id, candidates }: BestCheckpoint) =>
  candidates.find(({ checkpoint }) => checkpoint.id === id)?.checkpoint.step ?? null
const excludedAt = ({ candidates }: BestCheckpoint) =>
  Object.fromEntries(candidates.map(({ checkpoint, excluded }) => [checkpoint.step, excluded]))

test('the highest target is left out where it lost more than its budget, with the loss and its interval', async () => {
  const found = await best()
  expect(stepOf(found)).toBe(200)
  expect(found.target?.slug).toBe('law')
  const excluded = excludedAt(found)
  expect(excluded[200]).toEqual([])
  expect(excluded[300]).toEqual([
    'mmlu: −10.0 (−11.9 to −8.1) against a budget of 5.0 points',
    'the mean of retention fell beyond its budget',
  ])
  expect(excluded[400]).toEqual(['mmlu: not measured, so not known to be kept'])
  expect(excluded[500]).toEqual(['not measured on law'])
})

test('what has no baseline on any checkpoint judges none, and is said', async () => {
  const { unjudged, baseline } = await best()
  expect(unjudged).toEqual([{ slug: 'safety', name: 'safety', reason: 'the baseline was not measured on it' }])
  expect(baseline).toMatchObject({ experiment: { slug: 'base' }, checkpoint: { step: 100 } })
})

test('others that cannot be told from the best are named with the interval of the difference', async () => {
  const { candidates, selection } = await best({ floor: 0.8 })
  const at = (step: number) => candidates.find(({ checkpoint }) => checkpoint.step === step)?.behind
  // With a floor of 80 % step 300 may be chosen: 0.705 against the 0.700 of step 200.
  expect(at(300)).toBeNull()
  expect(at(200)).toMatchObject({ change: expect.closeTo(-0.005, 9) })
  expect(at(100)).toMatchObject({ tied: false })
  expect(selection).toBeGreaterThan(0)
})

test('a floor takes the place of budgets and says what share was kept', async () => {
  const strict = await best({ floor: 0.99 })
  expect(stepOf(strict)).toBe(200)
  expect(excludedAt(strict)[300]).toEqual(['mmlu: 87.5 % kept, below 99.0 %'])
  expect(stepOf(await best({ floor: 0.8 }))).toBe(300)
})

test('another benchmark may be the target, and one that nobody measured is refused with those that were', async () => {
  expect(stepOf(await best({ target: 'mmlu' }))).toBe(100)
  await expect(best({ target: 'lwa' })).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('law'),
  })
})

test('a root keeps nothing, and without a target the rule chooses none', async () => {
  const found = await best({}, 'base')
  expect(found).toMatchObject({ best: null, why: expect.stringContaining('aims at no benchmark'), baseline: null })
  expect(stepOf(await best({ target: 'law' }, 'base'))).toBe(100)
})

test('a person pins another one, and the rule goes on to say which it would choose', async () => {
  const before = await best()
  const other = before.candidates.find(({ checkpoint }) => checkpoint.step === 300)?.checkpoint.id ?? ''
  const pin = (checkpoint: string | null) =>
    pinStageCheckpoint(lab.user('editor'), { workspace: 'lab', project, experiment: 'sft', checkpoint })
  await pin(other)
  const after = await best()
  expect(after.best).toBe(before.best)
  expect(after.of_stage).toEqual({ id: other, why: 'pinned' })
  await pin(null)
})

test('of more checkpoints than are looked at it is told how many were not', async () => {
  expect((await best()).left_out).toBe(0)
  await makeExperiment(lab, project, 'many')
  await trained('many', { 0: { law: 900 } })
  await lab.database.sql`
    insert into checkpoints (uid, workspace_id, project_id, experiment_id, run_id, attempt, step)
    select gen_random_uuid(), c.workspace_id, c.project_id, c.experiment_id, c.run_id, c.attempt, s.step
    from checkpoints c join experiments x on x.id = c.experiment_id join projects p on p.id = x.project_id,
      generate_series(1, 1004) as s(step)
    where p.slug = ${project} and x.slug = 'many' and c.step = 0`
  const found = await best({}, 'many')
  expect(found.candidates).toHaveLength(1000)
  expect(found.left_out).toBe(5)
})

test('strangers see no stage', () =>
  expect(
    getBestCheckpoint(lab.stranger(), { workspace: 'lab', project, experiment: 'sft', uncertain: 'allow' }),
  ).rejects.toMatchObject({ code: 'not_found' }))

test('programs ask for it, and a floor beyond 1 is refused by name', async () => {
  const door = createV1({
    services: lab.services,
    identify: async () => lab.key('read').actor,
    closed: () => null,
  })
  const ask = (query: string) =>
    door.request(`/api/v1/projects/${project}/experiments/sft/best-checkpoint${query}`, {
      headers: { authorization: 'Bearer read' },
    })
  const answer = await ask('?floor=0.99')
  expect(answer.status).toBe(200)
  expect(stepOf((await answer.json()) as BestCheckpoint)).toBe(200)
  const refused = await ask('?floor=2')
  expect(refused.status).toBe(400)
  expect(JSON.stringify(await refused.json())).toContain('floor')
})
