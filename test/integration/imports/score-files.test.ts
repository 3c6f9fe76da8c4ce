/** Files of scores that a person brings: a look says what would be written and writes nothing, a write does just that. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createCaller } from '#src/api/trpc/procedures.ts'
import { appRouter } from '#src/api/trpc/root.ts'
import { createV1 } from '#src/api/v1/app.ts'
import { SCORES_MAX } from '#src/core/imports/upload-limits.ts'
import type { ScoreFilesInput, ScoreFilesReport } from '#src/protocol/imports.ts'
import type { Context } from '#src/services/context.ts'
import { importScoreFiles } from '#src/services/imports/import-score-files.ts'
import { finishRun } from '#src/services/runs/finish.ts'
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
  await makeExperiment(lab, project, 'base')
  const run = await makeRun(lab, project, 'base')
  await makeCheckpoint(run.ctx, run.uid, 9)
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
})

const HEAD = 'checkpoint,benchmark,metric,score,n,shots,category,shot\n'
const csv = (rows: string, name = 'scores.csv') => ({ name, text: HEAD + rows })
const send = (
  files: ScoreFilesInput['files'],
  more: Partial<ScoreFilesInput> = {},
  ctx: Context = lab.user('editor'),
) => importScoreFiles(ctx, { workspace: 'lab', project, files, write: false, ...more })
const counts = async () => {
  const [row] = await lab.database.sql`
    select (select count(*)::int from evaluations) as evaluations, (select count(*)::int from benchmarks) as benchmarks,
      (select count(*)::int from protocols) as protocols, (select count(*)::int from evaluation_items) as items`
  return { ...row }
}

test('a look tells columns, benchmarks and each fault by its line, and writes nothing', async () => {
  const before = await counts()
  const report = await send([
    csv(
      'base@9,brand-new,acc,0.61,100,5,knowledge,x\nbase@9,brand-new,acc,1.7,100,5,knowledge,\nbase@9,brand-new,acc,"0,6",,,,\nbsae,brand-new,acc,0.6,,,,\n',
    ),
  ])
  expect(report.files[0]).toMatchObject({
    kind: 'table',
    faults: [{ at: 'line 4', reason: 'has score "0,6" with a decimal comma; write a point' }],
  })
  expect(report.files[0]?.columns.find(({ name }) => name === 'shot')).toEqual({
    name: 'shot',
    ignored: '(did you mean shots?)',
  })
  expect(report.benchmarks).toMatchObject([{ slug: 'brand-new', is_new: true, category: 'knowledge', scores: 3 }])
  expect(report.scores.map(({ at, state }) => [at, state])).toEqual([
    ['line 2', 'new'],
    ['line 3', 'left_out'],
    ['line 5', 'left_out'],
  ])
  expect(report.scores[1]?.reason).toContain('1.7 lies outside 0…1')
  expect(report.scores[2]?.reason).toContain('no checkpoint here is called "bsae". Nearest: base')
  expect(report).toMatchObject({ written: false, totals: { new: 1, there: 0, left_out: 2 } })
  expect(await counts()).toEqual(before)
})

test('a write does what the look said, and the same files a second time change nothing', async () => {
  const files = [csv('base,fresh-one,acc,0.61,100,5,knowledge,\n,fresh-one,f1,0.5,100,0,,\n')]
  const look = await send(files, { checkpoint: 'base' })
  const written = await send(files, { checkpoint: 'base', write: true })
  expect(written).toEqual({ ...look, written: true })
  expect(written.totals).toEqual({ new: 2, there: 0, left_out: 0 })
  const before = await counts()
  const again = await send(files, { checkpoint: 'base', write: true })
  expect(again.totals).toEqual({ new: 0, there: 2, left_out: 0 })
  expect(again.benchmarks[0]).toMatchObject({ is_new: false })
  expect(await counts()).toEqual(before)
})

test('a score that is refused takes back what it had begun: no benchmark of it stays', async () => {
  const report = await send([csv('base,never-made,acc,66,10,,knowledge,\nbase,made-now,acc,0.5,10,,knowledge,\n')], {
    write: true,
  })
  expect(report.scores.map(({ state }) => state)).toEqual(['left_out', 'new'])
  const rows = await lab.database.sql`select slug from benchmarks where slug in ('never-made', 'made-now')`
  expect(rows.map(({ slug }) => slug)).toEqual(['made-now'])
})

const RESULTS = {
  name: 'results_2026-01-02T03-04-05.000001.json',
  text: JSON.stringify({
    results: { toy: { 'acc,none': 0.5, 'acc_stderr,none': 0.5 } },
    configs: { toy: { task: 'toy' } },
    versions: { toy: 1 },
    'n-shot': { toy: 0 },
    'n-samples': { toy: { original: 2, effective: 2 } },
    config: { model: 'hf', model_args: { pretrained: '/home/somebody/sft' } },
  }),
}
const sample = (doc: number, acc: number) =>
  JSON.stringify({
    doc_id: doc,
    doc_hash: `${doc}`.repeat(20),
    filter: 'none',
    acc,
    target: '0',
    arguments: [],
    filtered_resps: [],
  })
const SAMPLES = { name: 'samples_toy_2026-01-02T03-04-05.000001.jsonl', text: `${sample(1, 1)}\n${sample(2, 0)}\n` }

test('results of a harness come with their samples as items, on the checkpoint that a person names', async () => {
  const unknown = await send([SAMPLES, RESULTS])
  expect(unknown.scores[0]).toMatchObject({
    state: 'left_out',
    reason: expect.stringContaining('"/home/somebody/sft"'),
  })
  const report = await send([SAMPLES, RESULTS], { checkpoint: 'base@9', write: true })
  expect(report.scores).toMatchObject([{ state: 'new', benchmark: 'toy', items: 2, n: 2, checkpoint: { step: 9 } }])
  const [row] = await lab.database.sql`select n_items, status from evaluations order by id desc limit 1`
  expect({ ...row }).toEqual({ n_items: 2, status: 'complete' })
})

test('results whose model is a checkpoint here go there, also when a person names another for the rest', async () => {
  await makeExperiment(lab, project, 'sft')
  const run = await makeRun(lab, project, 'sft')
  await makeCheckpoint(run.ctx, run.uid, 4)
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
  const known = { ...RESULTS, text: RESULTS.text.replace('/home/somebody/sft', 'sft') }
  const report = await send([known, csv(',toy-too,acc,0.5,10,,knowledge,\n')], { checkpoint: 'base@9' })
  expect(report.scores.map(({ benchmark, checkpoint }) => [benchmark, checkpoint?.experiment.slug])).toEqual([
    ['toy', 'sft'],
    ['toy-too', 'base'],
  ])
})

test('more scores than one upload takes are refused by their number', async () => {
  const rows = Array.from({ length: SCORES_MAX + 1 }, (_, i) => `base,b${i},acc,0.5,10,,,\n`).join('')
  expect((await expectRefusal(send([csv(rows)]), 'invalid_request')).message).toContain(
    `${SCORES_MAX + 1} scores, more than ${SCORES_MAX}`,
  )
})

test('readers are refused, strangers hear that nothing is there', async () => {
  await expectRefusal(send([csv('base,x,acc,0.5,,,,\n')], {}, lab.user('viewer')), 'forbidden')
  await expectRefusal(send([csv('base,x,acc,0.5,,,,\n')], {}, lab.stranger()), 'not_found')
})

test('both doors tell the same', async () => {
  const files = [csv('base,doors,acc,0.5,10,,knowledge,\n')]
  const { actor } = lab.key('ingest')
  const door = createV1({ services: lab.services, identify: async () => actor, closed: () => null })
  const answer = await door.request(`/api/v1/projects/${project}/imports/scores`, {
    method: 'POST',
    headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
    body: JSON.stringify({ files }),
  })
  const told = (await answer.json()) as ScoreFilesReport
  expect([answer.status, told.totals.new]).toEqual([200, 1])
  const caller = createCaller(appRouter)(lab.user('editor'))
  expect(await caller.imports.scores({ workspace: 'lab', project, files })).toEqual(told)
})
