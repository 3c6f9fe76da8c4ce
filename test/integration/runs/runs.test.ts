import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { projectScope } from '#src/db/scope.ts'
import { readConsole } from '#src/services/console/read-console.ts'
import { refusalOfFailure } from '#src/services/failures.ts'
import { deleteRun, restoreRun } from '#src/services/runs/delete.ts'
import { getRunDetail } from '#src/services/runs/detail.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { getRun, listRuns } from '#src/services/runs/get.ts'
import { heartbeatRun } from '#src/services/runs/heartbeat.ts'
import { markLostRuns } from '#src/services/runs/mark-lost.ts'
import { planRun } from '#src/services/runs/plan.ts'
import { putRun } from '#src/services/runs/put.ts'
import { repeatRunEnds } from '#src/services/runs/repeat-ends.ts'
import { startAttempt } from '#src/services/runs/start-attempt.ts'
import { stopRun } from '#src/services/runs/stop.ts'
import { useInputs } from '#src/services/runs/use.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: { slug: string; id: number }
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = await makeProject(lab)
})

const plain = { kind: 'train' as const, config: {}, environment: {}, tags: [] }
const batch = (step: number) => Buffer.from(JSON.stringify({ groups: [{ step: [step], m: { loss: [1] } }] }))
const send = (run: { id: number }, stream: string, seq: number, attempt = 1) =>
  lab.services.metrics.append({
    workspaceId: lab.workspaceId,
    projectId: project.id,
    runId: run.id,
    clientId: stream,
    seq,
    attempt,
    fence: 0,
    body: batch(seq),
  })

test('a run is made once under the client’s id, unstaged without an experiment, with a name to say', async () => {
  const key = lab.key('ingest')
  const uid = randomUUID()
  const first = await putRun(key, { ...plain, project: project.slug, run: uid })
  expect(first).toMatchObject({ created: true, run: { number: 1, state: 'queued', experiment: { slug: 'unstaged' } } })
  expect(first.run.name).toMatch(/^[a-z]+-[a-z]+-1$/)
  expect(await putRun(key, { ...plain, project: project.slug, run: uid })).toEqual({ created: false, run: first.run })
})

test('runs made at once are numbered without gaps, and make one unstaged experiment', async () => {
  await Promise.all(
    [1, 2, 3, 4, 5].map(() => putRun(lab.key('ingest'), { ...plain, project: project.slug, run: randomUUID() })),
  )
  const { items } = await listRuns(lab.user('viewer'), { workspace: 'lab', project: project.slug })
  expect(items.map((run) => run.number)).toEqual([5, 4, 3, 2, 1])
  expect(new Set(items.map((run) => run.experiment.number))).toEqual(new Set([1]))
})

test('what a job’s run lacks is filled in once: configuration, environment, seed', async () => {
  const key = lab.key('ingest')
  const run = await makeRun(lab, project.slug, undefined, key)
  const input = { ...plain, project: project.slug, run: run.uid, seed: 7, config: { lr: 9 }, tags: ['a'] }
  await putRun(key, input)
  const detail = await getRunDetail(lab.user('viewer'), { workspace: 'lab', project: project.slug, run: run.number })
  expect(detail).toMatchObject({ seed: 7, tags: ['a'], config: { lr: 0.1 } })
})

test('secrets are taken out, dangerous keys and large configurations refused, and nothing is written', async () => {
  const key = lab.key('ingest')
  const run = randomUUID()
  const bad = JSON.parse('{"a":{"__proto__":{"x":1}}}')
  const refused = await expectRefusal(
    putRun(key, { ...plain, project: project.slug, run, config: bad }),
    'invalid_request',
  )
  expect(refused.detail.errors).toMatchObject([{ pointer: '/config/a/__proto__' }])
  const large = { text: 'x'.repeat(300_000) }
  await expectRefusal(putRun(key, { ...plain, project: project.slug, run, config: large }), 'invalid_request')
  await expectRefusal(getRun(key, { run }), 'not_found')
  const config = { api_key: 'very-secret', max_tokens: 5 }
  const made = await putRun(key, { ...plain, project: project.slug, run, config })
  const detail = await getRunDetail(lab.user('viewer'), {
    workspace: 'lab',
    project: project.slug,
    run: made.run.number,
  })
  expect(detail.config).toEqual({ api_key: '[redacted]', max_tokens: 5 })
})

test('an attempt runs, reports, is asked to stop and ends; hardware told by the client is counted and marked', async () => {
  const run = await makeRun(lab, project.slug)
  const beat = { run: run.uid, attempt: 1 }
  expect(await heartbeatRun(run.ctx, { ...beat, step: 5, total_steps: 10 })).toEqual({ stop: false })
  await stopRun(lab.user('editor'), { workspace: 'lab', project: project.slug, run: run.number })
  expect(await heartbeatRun(run.ctx, { ...beat, step: 3 })).toEqual({ stop: true })
  const ended = await finishRun(run.ctx, { ...beat, reason: 'stopped', exit_code: 0, streams: [] })
  expect(ended).toMatchObject({ state: 'stopped', last_step: 5, total_steps: 10, stop_requested: true })
  expect(await finishRun(run.ctx, { ...beat, reason: 'failed', streams: [] })).toMatchObject({ state: 'stopped' })
  const detail = await getRunDetail(lab.user('viewer'), { workspace: 'lab', project: project.slug, run: run.number })
  expect(detail.attempts).toMatchObject([{ number: 1, end_reason: 'stopped', exit_code: 0 }])
  expect(detail.allocations).toMatchObject([{ device_kind: 'cpu', device_name: 'test cpu', count: 2 }])
  expect(detail.allocations[0]?.ended_at).not.toBeNull()
  const [held] = await lab.database.sql<
    { measured: boolean }[]
  >`select measured from allocations where run_id = ${run.id}`
  expect(held?.measured).toBe(false)
  await expectRefusal(stopRun(lab.user('editor'), { run: run.uid }), 'conflict')
  await expectRefusal(stopRun(run.ctx, { run: run.uid }), 'forbidden')
})

test('a run is not finished while a stream that it names has a hole, and nothing has changed', async () => {
  const run = await makeRun(lab, project.slug)
  const stream = randomUUID()
  await send(run, stream, 1)
  await send(run, stream, 3)
  const finish = { run: run.uid, attempt: 1, reason: 'finished' as const, streams: [{ stream, last_seq: 3 }] }
  const gap = await expectRefusal(finishRun(run.ctx, finish), 'stream_gap')
  expect(gap.detail).toMatchObject({ expected_seq: 2 })
  expect((await getRun(run.ctx, { run: run.uid })).state).toBe('running')
  await send(run, stream, 2)
  expect((await finishRun(run.ctx, finish)).state).toBe('finished')
})

test('a resume begins after its checkpoint, and the older process hears that it is over', async () => {
  const run = await makeRun(lab, project.slug)
  const checkpoint = await makeCheckpoint(run.ctx, run.uid, 99)
  const resumed = await startAttempt(run.ctx, { run: run.uid, from_checkpoint: checkpoint.id })
  expect(resumed).toEqual({ attempt: 2, first_step: 100 })
  const stale = await expectRefusal(heartbeatRun(run.ctx, { run: run.uid, attempt: 1 }), 'stale_fence')
  expect(stale.message).toContain('Attempt 2')
  const detail = await getRunDetail(lab.user('viewer'), { workspace: 'lab', project: project.slug, run: run.number })
  expect(detail.attempts).toMatchObject([
    { number: 1, end_reason: 'lost' },
    { number: 2, first_step: 100, from_checkpoint: { id: checkpoint.id, step: 99 } },
  ])
  const other = await makeRun(lab, project.slug)
  await expectRefusal(startAttempt(other.ctx, { run: other.uid, from_checkpoint: checkpoint.id }), 'invalid_request')
})

test('a lost run lives again with its next heartbeat, and its hardware is held again', async () => {
  const run = await makeRun(lab, project.slug)
  await lab.database.sql`update runs set state = 'lost' where id = ${run.id}`
  await lab.database.sql`update attempts set ended_at = now(), end_reason = 'lost' where run_id = ${run.id}`
  await lab.database.sql`update allocations set ended_at = now() where run_id = ${run.id}`
  await heartbeatRun(run.ctx, { run: run.uid, attempt: 1, step: 4 })
  const detail = await getRunDetail(lab.user('viewer'), { workspace: 'lab', project: project.slug, run: run.number })
  expect(detail).toMatchObject({ state: 'running', last_step: 4, ended_at: null })
  expect(detail.attempts[0]).toMatchObject({ ended_at: null, end_reason: null })
  expect(detail.allocations[0]?.ended_at).toBeNull()
})

test('a job’s attempt is begun by its claim and starts once; a stale holder is refused', async () => {
  const { id: experimentId } = await makeExperiment(lab, project.slug, 'base')
  const scope = projectScope(lab.workspaceId, project.id)
  const planned = await planRun(lab.user('owner'), scope, { experimentId, kind: 'train', config: { steps: 3 } })
  const [queue] = await lab.database.sql<{ id: number }[]>`
    insert into queues (workspace_id, name) values (${lab.workspaceId}, ${`q-${project.slug}`}) returning id`
  const [job] = await lab.database.sql<{ id: number; uid: string }[]>`
    insert into jobs (workspace_id, project_id, queue_id, experiment_id, run_id, kind, recipe, state, attempt, fence, created_by)
    values (${lab.workspaceId}, ${project.id}, ${queue?.id ?? 0}, ${experimentId}, ${planned.id}, 'train', 'base', 'leased', 1, 5, 'user:1')
    returning id, uid`
  await lab.database
    .sql`insert into attempts (workspace_id, run_id, number, fence, job_id) values (${lab.workspaceId}, ${planned.id}, 1, 5, ${job?.id ?? 0})`
  const of = { projectId: project.id, experimentId, runId: planned.id, runUid: planned.uid, jobId: job?.id ?? 0 }
  const holder = lab.job({ ...of, fence: 5 })
  expect(await startAttempt(holder, { run: planned.uid })).toEqual({ attempt: 1, first_step: 0 })
  expect(await startAttempt(holder, { run: planned.uid })).toEqual({ attempt: 1, first_step: 0 })
  expect((await getRun(holder, { run: planned.uid })).state).toBe('running')
  await lab.database.sql`update jobs set fence = 6, attempt = 2 where id = ${job?.id ?? 0}`
  const stale = await expectRefusal(heartbeatRun(holder, { run: planned.uid, attempt: 1 }), 'stale_fence')
  expect(stale.detail.fence).toBe(6)
  await expectRefusal(
    finishRun(holder, { run: planned.uid, attempt: 1, reason: 'finished', streams: [] }),
    'stale_fence',
  )
})

test('a run that is told afterwards keeps the times at which it really ran', async () => {
  const ctx = lab.key('ingest')
  const run = randomUUID()
  const environment = { cpu: { count: 2, model: 'test cpu' } }
  await putRun(ctx, { project: project.slug, ...plain, run, environment })
  const [begun, ended] = ['2026-01-01T10:00:00.000Z', '2026-01-01T11:30:00.000Z']
  await startAttempt(ctx, { run, started_at: begun })
  const finish = { run, attempt: 1, reason: 'finished' as const, streams: [] }
  const before = await expectRefusal(finishRun(ctx, { ...finish, ended_at: '2026-01-01T09:59:59Z' }), 'invalid_request')
  expect(before.message).toContain('before attempt 1 began (2026-01-01T10:00:00.000Z)')
  await finishRun(ctx, { ...finish, ended_at: ended })
  expect(await getRun(lab.user('viewer'), { run })).toMatchObject({
    state: 'finished',
    started_at: begun,
    ended_at: ended,
    attempts: [{ started_at: begun, ended_at: ended }],
    allocations: [{ started_at: begun, ended_at: ended, count: 2 }],
    wall_s: 5400,
    device_hours: 3,
  })
})

test('no attempt begins in the future, or before the one that came first', async () => {
  const run = await makeRun(lab, project.slug)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  const future = await expectRefusal(startAttempt(run.ctx, { run: run.uid, started_at: tomorrow }), 'invalid_request')
  expect(future.message).toContain(`started_at is ${tomorrow}, which is in the future`)
  const earlier = startAttempt(run.ctx, { run: run.uid, started_at: '2026-01-01T10:00:00Z' })
  expect((await expectRefusal(earlier, 'invalid_request')).message).toContain('before attempt 1 began')
  expect((await getRun(run.ctx, { run: run.uid })).attempt).toBe(1)
})

test('a run whose contact was lost held its hardware until then, however late that is noticed', async () => {
  const run = await makeRun(lab, project.slug)
  await lab.database.sql`update runs set last_contact_at = now() - interval '2 days' where id = ${run.id}`
  await lab.database.sql`update allocations set started_at = now() - interval '3 days' where run_id = ${run.id}`
  await markLostRuns(lab.clock())
  const [row] = await lab.database.sql<{ hours: number }[]>`
    select extract(epoch from ended_at - started_at)::float8 / 3600 as hours from allocations where run_id = ${run.id}`
  expect(row?.hours).toBeCloseTo(24, 1)
})

test('a lost run lives again with its points alone, with its attempt and its hardware', async () => {
  const run = await makeRun(lab, project.slug)
  await lab.database.sql`update runs set last_contact_at = now() - interval '2 minutes' where id = ${run.id}`
  await markLostRuns(lab.clock())
  expect(await getRun(lab.user('viewer'), { run: run.uid })).toMatchObject({ attempts: [{ end_reason: 'lost' }] })
  await send(run, randomUUID(), 1)
  await vi.waitFor(async () => expect((await getRun(run.ctx, { run: run.uid })).state).toBe('running'), 5_000)
  expect(await getRun(lab.user('viewer'), { run: run.uid })).toMatchObject({
    ended_at: null,
    attempts: [{ ended_at: null, end_reason: null }],
    allocations: [{ ended_at: null }],
  })
})

test('a reader hears all that the run page shows; who may only write hears how the run stands', async () => {
  const run = await makeRun(lab, project.slug)
  expect(await getRun(lab.key('read'), { run: run.uid })).toMatchObject({
    config: { lr: 0.1 },
    environment: { cpu: { count: 2 } },
    attempts: [{ number: 1 }],
  })
  expect(await getRun(run.ctx, { run: run.uid })).not.toHaveProperty('config')
  await expectRefusal(getRunDetail(run.ctx, { run: run.uid }), 'forbidden')
  await expectRefusal(readConsole(run.ctx, { run: run.uid }), 'forbidden')
})

test('what a crash left untold of a deleted run is told again, and an undo is not taken back', async () => {
  const run = await makeRun(lab, project.slug)
  await lab.database.sql`update runs set deleted_at = now() where id = ${run.id}`
  expect((await send(run, randomUUID(), 1)).written).toBe(1)
  await repeatRunEnds(lab.clock(), 3600)
  await expectRefusal(send(run, randomUUID(), 1), 'run_deleted')
  await restoreRun(lab.user('admin'), { run: run.uid })
  await repeatRunEnds(lab.clock(), 3600)
  expect((await send(run, randomUUID(), 1)).written).toBe(1)
})

test('text that cannot be stored is the client’s error, and nothing is written', async () => {
  const before = await lab.database.sql`select count(*)::int as n from runs`
  const call = putRun(lab.key('ingest'), { project: project.slug, ...plain, run: randomUUID(), name: 'a\u0000b' })
  const error = await call.then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  )
  expect(refusalOfFailure(error)).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('U+0000') })
  expect(await lab.database.sql`select count(*)::int as n from runs`).toEqual(before)
})

test('a deleted run takes nothing more, is gone from lists, and comes back', async () => {
  const run = await makeRun(lab, project.slug)
  await deleteRun(lab.user('admin'), { run: run.uid })
  await expectRefusal(heartbeatRun(run.ctx, { run: run.uid, attempt: 1 }), 'run_deleted')
  await expectRefusal(send(run, randomUUID(), 1), 'run_deleted')
  await expectRefusal(getRun(lab.user('viewer'), { run: run.uid }), 'not_found')
  expect((await listRuns(lab.user('viewer'), { workspace: 'lab', project: project.slug })).items).toEqual([])
  expect((await restoreRun(lab.user('admin'), { run: run.uid })).state).toBe('running')
  expect((await send(run, randomUUID(), 1)).written).toBe(1)
})

test('what a run read is noted once', async () => {
  const run = await makeRun(lab, project.slug)
  const item = { kind: 'dataset' as const, name: 'supersense', version: 'v1', role: 'train' }
  await useInputs(run.ctx, { run: run.uid, items: [item, item] })
  const { items } = await useInputs(run.ctx, { run: run.uid, items: [{ ...item, sha256: 'a'.repeat(64) }] })
  expect(items).toEqual([{ ...item, sha256: 'a'.repeat(64) }])
})

test('an ingest key reads back its own runs only; lists are for readers', async () => {
  const run = await makeRun(lab, project.slug)
  expect((await getRun(run.ctx, { run: run.uid })).uid).toBe(run.uid)
  await expectRefusal(getRun(lab.key('ingest'), { run: run.uid }), 'forbidden')
  await expectRefusal(listRuns(run.ctx, { project: project.slug }), 'forbidden')
})

const verbs = (run: string): Record<string, (ctx: Parameters<typeof getRun>[0]) => Promise<unknown>> => ({
  heartbeat: (ctx) => heartbeatRun(ctx, { run, attempt: 1 }),
  finish: (ctx) => finishRun(ctx, { run, attempt: 1, reason: 'finished', streams: [] }),
  start: (ctx) => startAttempt(ctx, { run }),
  stop: (ctx) => stopRun(ctx, { run }),
  use: (ctx) => useInputs(ctx, { run, items: [{ kind: 'dataset', name: 'x', version: '' }] }),
  delete: (ctx) => deleteRun(ctx, { run }),
  restore: (ctx) => restoreRun(ctx, { run }),
})

test.each(Object.keys(verbs('')))(
  '%s rejects an actor who may only read, and a stranger hears that nothing is there',
  async (verb) => {
    const run = await makeRun(lab, project.slug)
    const call = (ctx: Parameters<typeof getRun>[0], uid = run.uid) => verbs(uid)[verb]?.(ctx) ?? Promise.resolve()
    await expectRefusal(call(lab.user('viewer')), 'forbidden')
    await expectRefusal(call(lab.key('read')), 'forbidden')
    const foreign = await expectRefusal(call(lab.stranger()), 'not_found')
    const absent = await expectRefusal(call(lab.user('owner'), randomUUID()), 'not_found')
    expect(foreign.message).toBe(absent.message)
    const otherProject = await makeProject(lab)
    await expectRefusal(call(lab.key('admin', otherProject.id)), 'not_found')
    await expectRefusal(call(lab.job({ projectId: project.id, runId: run.id + 1 })), 'not_found')
  },
)
