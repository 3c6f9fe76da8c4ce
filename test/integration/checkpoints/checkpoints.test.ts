import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { commitCheckpoint } from '#src/services/checkpoints/commit.ts'
import { getCheckpoint, listCheckpoints, readCheckpointFile } from '#src/services/checkpoints/get.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { startAttempt } from '#src/services/runs/start-attempt.ts'
import { makeCheckpoint, upload } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: { slug: string; id: number }
let run: Awaited<ReturnType<typeof makeRun>>
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = await makeProject(lab)
  await makeExperiment(lab, project.slug, 'base')
  run = await makeRun(lab, project.slug, 'base')
})

const viewer = () => lab.user('viewer')
const finish = (of = run, attempt = 1) => finishRun(of.ctx, { run: of.uid, attempt, reason: 'finished', streams: [] })

test('is committed by its manifest, comes back with files, and again is the same', async () => {
  const file = await upload(run.ctx, run.uid, 'model.bin', 'weights')
  const input = { run: run.uid, attempt: 1, step: 9, tokens: 4096, files: [file], metadata: { params: 3 } }
  const { created, checkpoint } = await commitCheckpoint(run.ctx, input)
  expect(created).toBe(true)
  expect(checkpoint).toMatchObject({ step: 9, tokens: 4096, size: 7, experiment: { slug: 'base' }, of_stage: null })
  const again = await commitCheckpoint(run.ctx, input)
  expect(again).toEqual({ created: false, checkpoint })
  expect(await getCheckpoint(viewer(), { checkpoint: checkpoint.id })).toEqual(checkpoint)
  const content = await readCheckpointFile(viewer(), { checkpoint: checkpoint.id, name: 'model.bin' })
  expect(await text(await content.open())).toBe('weights')
  const other = await upload(run.ctx, run.uid, 'model.bin', 'other weights')
  await expectRefusal(commitCheckpoint(run.ctx, { ...input, files: [other] }), 'conflict')
})

/** A batch of `loss` of the run's attempt. */
const log = (step: number[], loss: number[], attempt = 1, clientId = randomUUID()) =>
  lab.services.metrics.append({
    workspaceId: lab.workspaceId,
    projectId: project.id,
    runId: run.id,
    clientId,
    seq: 1,
    attempt,
    fence: 0,
    body: Buffer.from(JSON.stringify({ groups: [{ step, m: { loss } }] })),
  })
const valuesOf = async (checkpoint: { id: string }) => {
  const rows = await lab.database.sql<{ value: number }[]>`
    select m.value from checkpoint_metrics m join checkpoints c on c.id = m.checkpoint_id where c.uid = ${checkpoint.id}`
  return rows.map((row) => row.value)
}

test('keeps the metric values of its step', async () => {
  await log([8, 9, 10], [3, 2, 1])
  expect(await valuesOf(await makeCheckpoint(run.ctx, run.uid, 9))).toEqual([2])
})

test('values that come after the commit are kept when the run says that it ends, not before', async () => {
  const [none, some] = [await makeCheckpoint(run.ctx, run.uid, 5), await makeCheckpoint(run.ctx, run.uid, 9)]
  await log([1, 5, 9, 12], [4, 3, 2, 1])
  expect([await valuesOf(none), await valuesOf(some)]).toEqual([[], []])
  await finish()
  expect([await valuesOf(none), await valuesOf(some)]).toEqual([[3], [2]])
})

test('a checkpoint that a later attempt left behind keeps the values of its own attempt', async () => {
  await log([5, 9], [3, 2])
  const [kept, left] = [await makeCheckpoint(run.ctx, run.uid, 5), await makeCheckpoint(run.ctx, run.uid, 9)]
  await startAttempt(run.ctx, { run: run.uid, from_checkpoint: kept.id })
  await log([6, 9], [30, 20], 2)
  const anew = await makeCheckpoint(run.ctx, run.uid, 9, { attempt: 2 })
  await finish(run, 2)
  expect([await valuesOf(kept), await valuesOf(left), await valuesOf(anew)]).toEqual([[3], [2], [20]])
})

test('files that were not uploaded to the run, twice the same name, no file at all, an unknown attempt: refused, nothing written', async () => {
  const file = await upload(run.ctx, run.uid, 'model.bin', 'weights')
  const base = { run: run.uid, attempt: 1, step: 1, metadata: {} }
  const unknown = { name: 'x', sha256: 'a'.repeat(64), size: 1 }
  const found = await expectRefusal(commitCheckpoint(run.ctx, { ...base, files: [file, unknown] }), 'invalid_request')
  expect(found.detail.errors).toMatchObject([{ pointer: '/files/1' }])
  await expectRefusal(commitCheckpoint(run.ctx, { ...base, files: [{ ...file, size: 3 }] }), 'invalid_request')
  await expectRefusal(commitCheckpoint(run.ctx, { ...base, files: [file, file] }), 'invalid_request')
  await expectRefusal(commitCheckpoint(run.ctx, { ...base, files: [] }), 'invalid_request')
  await expectRefusal(commitCheckpoint(run.ctx, { ...base, attempt: 7, files: [file] }), 'invalid_request')
  const theirs = await makeRun(lab, project.slug)
  await expectRefusal(commitCheckpoint(theirs.ctx, { ...base, run: theirs.uid, files: [file] }), 'invalid_request')
  expect((await listCheckpoints(viewer(), { run: run.uid })).items).toEqual([])
  const elsewhere = { ...base, files: [], location: 's3://bucket/model' }
  expect((await commitCheckpoint(run.ctx, elsewhere)).checkpoint.location).toBe('s3://bucket/model')
})

test('the checkpoint of the stage is the last of the newest finished run, then the one children start from, then the pinned one', async () => {
  const early = await makeCheckpoint(run.ctx, run.uid, 5)
  const late = await makeCheckpoint(run.ctx, run.uid, 9)
  const why = async (id: string) => (await getCheckpoint(viewer(), { checkpoint: id })).of_stage
  expect([await why(early.id), await why(late.id)]).toEqual([null, null])
  await finish()
  expect([await why(early.id), await why(late.id)]).toEqual([null, 'last'])
  await makeExperiment(lab, project.slug, 'child', { parents: [{ checkpoint: early.id, kind: 'init' }] })
  expect([await why(early.id), await why(late.id)]).toEqual(['children', null])
  expect((await getCheckpoint(viewer(), { checkpoint: early.id })).children).toMatchObject([{ slug: 'child' }])
  await lab.database
    .sql`update experiments set pinned_checkpoint_id = (select id from checkpoints where uid = ${late.id})
    where project_id = ${project.id} and slug = 'base'`
  expect([await why(early.id), await why(late.id)]).toEqual([null, 'pinned'])
})

test('a job reads its inputs and its own, writes its own run, and sees nothing else', async () => {
  const mine = await makeCheckpoint(run.ctx, run.uid, 1)
  const input = await makeCheckpoint((await makeRun(lab, project.slug)).ctx, (await lastRun()).uid, 1)
  const foreign = await makeCheckpoint((await makeRun(lab, project.slug)).ctx, (await lastRun()).uid, 1)
  const [row] = await lab.database.sql<{ id: number }[]>`select id from checkpoints where uid = ${input.id}`
  const job = lab.job({ projectId: project.id, runId: run.id, runUid: run.uid, inputCheckpointIds: [row?.id ?? 0] })
  expect((await getCheckpoint(job, { checkpoint: mine.id })).id).toBe(mine.id)
  expect((await readCheckpointFile(job, { checkpoint: input.id, name: 'model.bin' })).size).toBeGreaterThan(0)
  await expectRefusal(getCheckpoint(job, { checkpoint: foreign.id }), 'not_found')
  await expectRefusal(listCheckpoints(job, { run: (await lastRun()).uid }), 'not_found')
})

async function lastRun() {
  const [row] = await lab.database.sql<{ uid: string }[]>`select uid from runs order by id desc limit 1`
  return { uid: row?.uid ?? '' }
}

test('rejects an actor who may only read, and strangers hear that nothing is there', async () => {
  const checkpoint = await makeCheckpoint(run.ctx, run.uid, 1)
  const input = { run: run.uid, attempt: 1, step: 2, files: [], location: 'x', metadata: {} }
  await expectRefusal(commitCheckpoint(viewer(), input), 'forbidden')
  await expectRefusal(getCheckpoint(run.ctx, { checkpoint: checkpoint.id }), 'forbidden')
  for (const call of [
    () => commitCheckpoint(lab.stranger(), input),
    () => getCheckpoint(lab.stranger(), { checkpoint: checkpoint.id }),
    () => readCheckpointFile(lab.stranger(), { checkpoint: checkpoint.id, name: 'model.bin' }),
    () => readCheckpointFile(viewer(), { checkpoint: checkpoint.id, name: 'other.bin' }),
    () => getCheckpoint(viewer(), { checkpoint: randomUUID() }),
    () => listCheckpoints(lab.stranger(), { run: run.uid }),
  ])
    await expectRefusal(call(), 'not_found')
})
