import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readChart } from '#src/services/metrics/read-chart.ts'
import { deleteRun } from '#src/services/runs/delete.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let one: { slug: string; id: number }
let other: { slug: string; id: number }
const uids: Record<string, string> = {}

/** Two projects with a stage "sft" each; run 1 of the first logs 1, run 1 of the second 2, run 2 of the second 3. */
beforeAll(async () => {
  lab = await openLab()
  one = await makeProject(lab)
  other = await makeProject(lab)
  for (const project of [one, other]) await makeExperiment(lab, project.slug, 'sft')
  uids.a = await logged(one, 1)
  uids.b = await logged(other, 2)
  uids.c = await logged(other, 3)
})
afterAll(() => lab.close())

async function logged(project: { slug: string; id: number }, value: number): Promise<string> {
  const run = await makeRun(lab, project.slug, 'sft')
  await lab.services.metrics.append({
    workspaceId: lab.workspaceId,
    projectId: project.id,
    runId: run.id,
    clientId: randomUUID(),
    seq: 1,
    attempt: 1,
    fence: 0,
    body: Buffer.from(JSON.stringify({ groups: [{ step: [1, 2, 3], m: { loss: [value, value, value] } }] })),
  })
  return run.uid
}

const chartOf = (runs: (string | number)[], more: object = {}) =>
  readChart(lab.user('viewer'), {
    workspace: lab.workspace,
    project: one.slug,
    runs,
    across: true,
    metrics: ['loss'],
    x: 'step',
    px: 800,
    superseded: false,
    ...more,
  })

test('runs of two projects are drawn in one chart, numbered by their places in the question', async () => {
  const { series } = await chartOf([uids.b ?? '', uids.a ?? '', uids.c ?? ''])
  expect(series.map(({ run, run_uid, y }) => [run, run_uid, y[0]])).toEqual([
    [1, uids.b, 2],
    [2, uids.a, 1],
    [3, uids.c, 3],
  ])
})

test('they are drawn together as groups, of which stages of one name name their project', async () => {
  const all = await chartOf([uids.a ?? '', uids.b ?? '', uids.c ?? ''], {
    group: { by: 'all', center: 'mean', band: 'min_max' },
  })
  expect(all.groups.map(({ runs, center }) => [runs, center[0]])).toEqual([[[1, 2, 3], 2]])
  const stages = await chartOf([uids.a ?? '', uids.b ?? '', uids.c ?? ''], {
    group: { by: 'experiment', center: 'mean', band: 'min_max' },
  })
  expect(stages.groups.map(({ runs }) => runs)).toEqual([[1], [2, 3]])
  expect(new Set(stages.groups.map(({ group }) => group)).size).toBe(2)
})

test('a run of a project that the reader may not see is left out, and all of them are not found', async () => {
  const key = lab.key('read', one.id)
  const ask = (runs: string[]) =>
    readChart(key, {
      project: one.slug,
      runs,
      across: true,
      metrics: ['loss'],
      x: 'step',
      px: 800,
      superseded: false,
    })
  expect((await ask([uids.a ?? '', uids.b ?? ''])).series.map(({ run_uid }) => run_uid)).toEqual([uids.a])
  await expectRefusal(ask([uids.b ?? '']), 'not_found')
})

test('a number names no run where there are several projects', async () =>
  expectRefusal(chartOf([1]), 'invalid_request'))

test('a deleted run is left out', async () => {
  const gone = await logged(other, 9)
  await deleteRun(lab.user('admin'), { run: gone })
  expect((await chartOf([uids.a ?? '', gone])).series.map(({ run }) => run)).toEqual([1])
})
