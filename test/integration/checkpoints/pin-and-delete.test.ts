import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { projectScope } from '#src/db/scope.ts'
import { deleteCheckpoint } from '#src/services/checkpoints/delete.ts'
import { getCheckpoint, listCheckpoints, readCheckpointFile } from '#src/services/checkpoints/get.ts'
import { pinStageCheckpoint } from '#src/services/checkpoints/pin.ts'
import { getEvaluation, listEvaluationItems } from '#src/services/evaluations/get.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { getEvaluationTable } from '#src/services/evaluations/table.ts'
import { getStagePage } from '#src/services/experiments/page.ts'
import { putExperiment } from '#src/services/experiments/put.ts'
import { enqueueJob } from '#src/services/jobs/enqueue.ts'
import { linkExperiments } from '#src/services/lineage/link.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
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
const admin = () => lab.user('admin')
const finish = () => finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
const place = () => ({ workspace: 'lab', project: project.slug, experiment: 'base' })
const pin = (checkpoint: string | null, as = lab.user('editor')) => pinStageCheckpoint(as, { ...place(), checkpoint })
const remove = (checkpoint: string, as = admin()) => deleteCheckpoint(as, { checkpoint })
const why = async (id: string) => (await getCheckpoint(viewer(), { checkpoint: id })).of_stage
const audited = async (action: string) =>
  lab.database
    .sql`select 1 from audit_log where action = ${action} and detail is not null and workspace_id = ${lab.workspaceId}`

test('a pinned checkpoint is that of the stage until the pin is taken away; both are audited once', async () => {
  const early = await makeCheckpoint(run.ctx, run.uid, 5)
  const late = await makeCheckpoint(run.ctx, run.uid, 9)
  await finish()
  const before = [(await audited('checkpoint.pin')).length, (await audited('checkpoint.unpin')).length]
  const pinned = { pinned: early.id, of_stage: { id: early.id, step: 5, why: 'pinned' } }
  expect([await pin(early.id), await pin(early.id)]).toEqual([pinned, pinned])
  expect([await why(early.id), await why(late.id)]).toEqual(['pinned', null])
  expect(await pin(null)).toEqual({ pinned: null, of_stage: { id: late.id, step: 9, why: 'last' } })
  const after = [(await audited('checkpoint.pin')).length, (await audited('checkpoint.unpin')).length]
  expect(after.map((n, i) => n - (before[i] ?? 0))).toEqual([1, 1])
})

test('what is not a live checkpoint of the stage cannot be pinned, and the pin stays as it was', async () => {
  const own = await makeCheckpoint(run.ctx, run.uid, 5)
  await pin(own.id)
  await makeExperiment(lab, project.slug, 'other')
  const theirs = await makeRun(lab, project.slug, 'other')
  const foreign = await makeCheckpoint(theirs.ctx, theirs.uid, 1)
  const found = await expectRefusal(pin(foreign.id), 'invalid_request')
  expect(found.message).toContain('base (#1)')
  const gone = await makeCheckpoint(run.ctx, run.uid, 7)
  await remove(gone.id)
  const absent = await expectRefusal(pin(randomUUID()), 'not_found')
  expect((await expectRefusal(pin(gone.id), 'not_found')).message).toBe(absent.message)
  const bound = lab.key('admin', project.id)
  const away = await makeProject(lab)
  const far = await makeRun(lab, away.slug)
  const unseen = await makeCheckpoint(far.ctx, far.uid, 1)
  expect((await expectRefusal(pin(unseen.id, bound), 'not_found')).message).toBe(absent.message)
  expect(await why(own.id)).toBe('pinned')
})

test('readers and ingest keys do not pin; strangers hear that nothing is there', async () => {
  const own = await makeCheckpoint(run.ctx, run.uid, 5)
  await expectRefusal(pin(own.id, viewer()), 'forbidden')
  await expectRefusal(pin(own.id, lab.key('ingest')), 'forbidden')
  await expectRefusal(pin(own.id, lab.key('read')), 'forbidden')
  await expectRefusal(pin(own.id, lab.stranger()), 'not_found')
  expect(await why(own.id)).toBe(null)
  expect((await pin(own.id, lab.key('admin'))).pinned).toBe(own.id)
})

test('a deleted checkpoint leaves lists and its stage, still answers with deleted_at, and keeps its evaluations', async () => {
  const early = await makeCheckpoint(run.ctx, run.uid, 5)
  const late = await makeCheckpoint(run.ctx, run.uid, 9)
  const input = { ...evaluation({ items: rightOf(2, 4), n: 4, score: 0.5 }), checkpoint: late.id }
  const measured = await postEvaluation(lab.key('ingest'), input)
  await finish()
  expect(await why(late.id)).toBe('last')
  await remove(late.id)
  await remove(late.id)
  expect((await listCheckpoints(viewer(), { run: run.uid })).items.map((c) => c.id)).toEqual([early.id])
  const gone = await getCheckpoint(viewer(), { checkpoint: late.id })
  expect(gone).toMatchObject({ step: 9, of_stage: null, deleted_at: expect.any(String) })
  expect([await why(early.id), 'deleted_at' in (await getCheckpoint(viewer(), { checkpoint: early.id }))]).toEqual([
    'last',
    false,
  ])
  await expectRefusal(readCheckpointFile(viewer(), { checkpoint: late.id, name: 'model.bin' }), 'not_found')
  expect((await getEvaluation(viewer(), { evaluation: measured.id })).score).toBe(0.5)
  expect((await listEvaluationItems(viewer(), { evaluation: measured.id })).items).toHaveLength(4)
  await expectRefusal(postEvaluation(lab.key('ingest'), input), 'not_found')
  expect((await getEvaluationTable(viewer(), { workspace: 'lab', project: project.slug })).rows).toEqual([])
  const page = await getStagePage(viewer(), place())
  expect(page.checkpoints.map((c) => c.id)).toEqual([early.id])
  const whole = await getStagePage(viewer(), { ...place(), deleted: true })
  expect(whole.checkpoints.map((c) => [c.id, c.deleted_at !== undefined])).toEqual([
    [late.id, true],
    [early.id, false],
  ])
  const rows = await lab.database.sql`select 1 from audit_log where resource = ${`checkpoint:${late.id}`}`
  expect(rows).toHaveLength(1)
  // The step is free again.
  expect((await makeCheckpoint(run.ctx, run.uid, 9)).id).not.toBe(late.id)
})

test('a checkpoint that a child, a pin or an unfinished job uses is not deleted, and the refusal names them', async () => {
  const kept = await makeCheckpoint(run.ctx, run.uid, 5)
  await makeExperiment(lab, project.slug, 'child', { parents: [{ checkpoint: kept.id, kind: 'init' }] })
  await pin(kept.id)
  const found = await expectRefusal(remove(kept.id), 'conflict')
  expect(found.message).toContain(`child (#2 of ${project.slug}) starts from it`)
  expect(found.message).toContain(`it is pinned in base (#1 of ${project.slug})`)
  expect(found.detail.used_by).toHaveLength(2)
  const read = await makeCheckpoint(run.ctx, run.uid, 7)
  const [row] = await lab.database.sql<{ id: number; experiment_id: number }[]>`
    select id, experiment_id from checkpoints where uid = ${read.id}`
  const judge = await makeRun(lab, project.slug, 'base')
  const job = await enqueueJob(admin(), projectScope(lab.workspaceId, project.id), {
    queue: 'default',
    experimentId: row?.experiment_id ?? 0,
    runId: judge.id,
    kind: 'evaluate',
    recipe: 'evaluate',
    params: {},
    inputs: [{ role: 'target', experimentId: row?.experiment_id ?? 0, checkpointId: row?.id ?? 0 }],
  })
  expect((await expectRefusal(remove(read.id), 'conflict')).message).toContain(' of base (#1 of')
  await lab.database.sql`update jobs set state = 'canceled' where id = ${job.id}`
  await remove(read.id)
  expect((await getCheckpoint(viewer(), { checkpoint: kept.id })).deleted_at).toBeUndefined()
})

test('a new edge does not name a deleted checkpoint', async () => {
  const gone = await makeCheckpoint(run.ctx, run.uid, 5)
  await remove(gone.id)
  await makeExperiment(lab, project.slug, 'child', { parents: [{ experiment: 'base', kind: 'init' }] })
  const link = { project: project.slug, child: 'child', parent: 'base', kind: 'init' as const, checkpoint: gone.id }
  await expectRefusal(linkExperiments(lab.key('ingest'), link), 'not_found')
  const parents = [{ checkpoint: gone.id, kind: 'init' as const }]
  const late = { project: project.slug, slug: 'late', stage: 'instruction', parents, mixture: [], benchmarks: [] }
  await expectRefusal(putExperiment(lab.key('ingest'), late), 'not_found')
})

test('who may not delete is refused, strangers hear that nothing is there, and nothing is written', async () => {
  const own = await makeCheckpoint(run.ctx, run.uid, 5)
  for (const ctx of [viewer(), lab.user('editor'), lab.key('ingest'), lab.key('read')])
    await expectRefusal(remove(own.id, ctx), 'forbidden')
  const strange = await expectRefusal(remove(own.id, lab.stranger()), 'not_found')
  expect((await expectRefusal(remove(randomUUID()), 'not_found')).message).toBe(strange.message)
  expect((await getCheckpoint(viewer(), { checkpoint: own.id })).deleted_at).toBeUndefined()
  await remove(own.id, lab.key('admin'))
})
