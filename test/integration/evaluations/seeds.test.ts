/** Runs that differ in their training seed: mean and spread, apart from item intervals. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createV1 } from '#src/api/v1/app.ts'
import type { SeedGroups } from '#src/protocol/seeds.ts'
import type { Actor } from '#src/services/actor.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { evaluation } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'

let lab: Lab
let app: ReturnType<typeof createV1>
let caller: Actor
let project: string
beforeAll(async () => {
  lab = await openLab()
  app = createV1({ services: lab.services, identify: async () => caller, closed: () => null })
})
afterAll(() => lab.close())
beforeEach(async () => {
  caller = lab.key('read').actor
  project = (await makeProject(lab)).slug
  await makeExperiment(lab, project, 'tuned')
})

const seeds = async () => {
  const answer = await app.request(`/api/v1/projects/${project}/experiments/tuned/seeds`, {
    headers: { authorization: 'Bearer x' },
  })
  return { status: answer.status, ...((await answer.json()) as SeedGroups) }
}

/** A finished run with this seed and one score on its last checkpoint. */
async function trained(seed: number | null, score: number, more: { lr?: number; shots?: number } = {}) {
  const run = await makeRun(lab, project, 'tuned')
  await lab.database.sql`update runs set seed = ${seed}, config = ${lab.database.sql.json({ lr: more.lr ?? 0.1, seed })}
    where id = ${run.id}`
  const checkpoint = (await makeCheckpoint(run.ctx, run.uid)).id
  const protocol = { task: 'mmlu', shots: more.shots ?? 5 }
  await postEvaluation(run.ctx, { ...evaluation({ score, protocol }), checkpoint })
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', exit_code: 0, streams: [] })
  return run.number
}

test('three seeds of one configuration have a mean and a sample standard deviation', async () => {
  const runs = [await trained(1, 0.5), await trained(2, 0.6), await trained(3, 0.7)]
  const { groups } = await seeds()
  expect(groups).toMatchObject([
    {
      runs: runs.map((number, i) => ({ number, seed: i + 1 })),
      spreads: [{ metric: 'acc', n: 3, mean: expect.closeTo(0.6), sd: expect.closeTo(0.1) }],
    },
  ])
  expect(groups[0]?.spreads[0]?.scores).toEqual(runs.map((run, i) => ({ run, score: 0.5 + i / 10 })))
})

test.each<[string, () => Promise<unknown>]>([
  ['two seeds', async () => {}],
  ['a third run of a seed that ran already', () => trained(2, 0.9)],
  ['a third run of another configuration', () => trained(3, 0.9, { lr: 0.2 })],
  ['a third run that told no seed', () => trained(null, 0.9)],
  ['a third run under another protocol', () => trained(3, 0.9, { shots: 0 })],
])('%s make no spread', async (_, third) => {
  await trained(1, 0.5)
  await trained(2, 0.6)
  await third()
  expect((await seeds()).groups).toEqual([])
})

test('an ingest key does not read them, a stranger sees no project', async () => {
  caller = lab.key('ingest').actor
  expect((await seeds()).status).toBe(403)
  caller = lab.stranger().actor
  expect((await seeds()).status).toBe(404)
})
