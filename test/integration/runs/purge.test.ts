import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { GRACE_MS, SECOND_LOOK_MS } from '#src/core/runs/retention.ts'
import { lockSeal } from '#src/db/queries/metrics/seal/lock-seal.ts'
import { announceArtifact } from '#src/services/artifacts/announce.ts'
import { collectBlobs } from '#src/services/artifacts/collect-blobs.ts'
import { getCheckpoint, readCheckpointFile } from '#src/services/checkpoints/get.ts'
import { ingestConsole } from '#src/services/console/ingest.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { ingestMetrics } from '#src/services/metrics/ingest.ts'
import { deleteRun, requestPurge, restoreRun } from '#src/services/runs/delete.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { getRun } from '#src/services/runs/get.ts'
import { listDeletedRuns } from '#src/services/runs/list-deleted.ts'
import { purgeDeletedRuns } from '#src/services/runs/purge-deleted.ts'
import { evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint, upload } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'
import { putSealed } from '#test/factories/sealed-data.ts'

type MadeRun = Awaited<ReturnType<typeof makeRun>>

let lab: Lab
let project: { slug: string; id: number }
let run: MadeRun
let offsetMs: number
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  offsetMs = 0
  lab.setNow(null)
  // What other tests deleted is none of this one's work.
  await lab.database.sql`update runs set purge_checked_at = now() where deleted_at is not null`
  project = await makeProject(lab)
  await makeExperiment(lab, project.slug, 'base')
  run = await makeRun(lab, project.slug, 'base')
})

const DATA_PLANE = [
  'metric_block',
  'metric_tail',
  'metric_series',
  'metric_stream',
  'metric_attempt',
  'metric_seal',
  'console_chunk',
  'metric_latest',
]
const BELONGINGS = ['artifacts', 'uploads', 'run_inputs', 'allocations', 'attempts', 'checkpoints']

const admin = () => lab.user('admin')
const noRest = () => Promise.resolve()
const purge = (options: Parameters<typeof purgeDeletedRuns>[1] = {}) =>
  purgeDeletedRuns(lab.clock(), { turnMs: 60_000, rest: noRest, ...options })
function pass(ms: number): void {
  offsetMs += ms
  lab.setNow(new Date(Date.now() + offsetMs))
}
const head = (seq: number, stream = randomUUID()) => ({ run: run.uid, stream, seq, attempt: 1 })
const points = Buffer.from(JSON.stringify({ groups: [{ step: [1, 2, 3], m: { loss: [3, 2, 1] } }] }))
const lines = Buffer.from(JSON.stringify({ lines: [{ t: 1, fd: 1, text: 'hello' }] }))
const log = (seq: number) => ingestMetrics(run.ctx, head(seq), points)

/** Rows of a run per table; tables without any are left out. */
async function rowsOf(tables: readonly string[], runId = run.id): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const table of tables) {
    const [row] = await lab.database.sql.unsafe<{ n: number }[]>(
      `select count(*)::int as n from ${table} where run_id = $1`,
      [runId],
    )
    if (row && row.n > 0) found[table] = row.n
  }
  return found
}
const mark = async (runId = run.id) => {
  const [row] = await lab.database.sql<
    { number: number; name: string; config: object; purged: boolean; checked: boolean; rows: number; done: number }[]
  >`select number, name, config, purged_at is not null as purged, purge_checked_at is not null as checked,
      purge_rows as rows, purge_rows_done as done from runs where id = ${runId}`
  return row
}
const phase = async () =>
  (await listDeletedRuns(lab.user('viewer'), { workspace: 'lab', project: project.slug })).items.find(
    (item) => item.uid === run.uid,
  )
const deleteAtOnce = async () => {
  await deleteRun(admin(), { run: run.uid })
  await requestPurge(admin(), { run: run.uid })
}

test('within the grace time nothing is deleted, and an undo brings all of it back', async () => {
  await log(1)
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 2, last: 5 })
  // Summaries are written behind.
  await vi.waitFor(async () => expect(await rowsOf(['metric_latest'])).toEqual({ metric_latest: 2 }), 20_000)
  const before = await rowsOf(DATA_PLANE)
  await deleteRun(admin(), { run: run.uid })
  expect(await phase()).toMatchObject({ phase: 'restorable', days_left: 7, name: expect.any(String), stage: 'base' })
  pass(GRACE_MS - 60_000)
  expect(await purge()).toBe(0)
  expect(await phase()).toMatchObject({ phase: 'restorable', days_left: 1 })
  await restoreRun(admin(), { run: run.uid })
  expect(await rowsOf(DATA_PLANE)).toEqual(before)
  expect(await phase()).toBeUndefined()
  pass(GRACE_MS)
  expect(await purge()).toBe(0)
  expect((await getRun(lab.user('viewer'), { run: run.uid })).state).toBe('running')
})

test('past the grace time all of a run goes but its mark: no row is left in any table, and others keep theirs', async () => {
  const other = await makeRun(lab, project.slug, 'base')
  await putSealed(lab.database.sql, { runId: other.id, metricId: 9, full: 3 })
  await ingestMetrics(other.ctx, { ...head(1), run: other.uid }, points)
  // Summaries are written behind.
  await vi.waitFor(async () => expect(await rowsOf(['metric_latest'], other.id)).toEqual({ metric_latest: 2 }), 20_000)
  const kept = await rowsOf([...DATA_PLANE, ...BELONGINGS], other.id)
  await log(1)
  await ingestConsole(run.ctx, head(1), lines)
  await upload(run.ctx, run.uid, 'notes.txt', 'notes')
  await makeCheckpoint(run.ctx, run.uid, 3)
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 20, last: 5, axis: true })
  await putSealed(lab.database.sql, { runId: run.id, metricId: 10, full: 20, axis: true })
  await deleteRun(admin(), { run: run.uid })
  pass(GRACE_MS)
  expect(await purge({ chunkRows: 7 })).toBe(1)
  expect(await rowsOf([...DATA_PLANE, ...BELONGINGS])).toEqual({})
  expect(await rowsOf([...DATA_PLANE, ...BELONGINGS], other.id)).toEqual(kept)
  const left = await mark()
  expect(left).toMatchObject({ number: 1, config: {}, purged: true, checked: false })
  // 20 full blocks with level 1 for two metrics and their axes, the short one with its axis; tail, console, series, streams, attempt, seal.
  expect(left?.done).toBe(120 + 2 + 1 + 1 + 2 + 2 + 1)
  expect(left?.rows).toBe((left?.done ?? 0) + 1)
  expect(await phase()).toMatchObject({ phase: 'gone', kept_checkpoints: 0 })
  const [writer] = await lab.database.sql`select state from metric_run where run_id = ${run.id}`
  expect(writer).toEqual({ state: 2 })
})

test('a writer gets 410 before, during and after, and a reader hears that the run was deleted', async () => {
  await log(1)
  await deleteRun(admin(), { run: run.uid })
  await setTimeout(1_100)
  await expectRefusal(log(2), 'run_deleted')
  const soft = await expectRefusal(getRun(lab.user('viewer'), { run: run.uid }), 'not_found')
  expect(soft.message).toMatch(/^Run 1 \(.+\) was deleted\. Admins restore it/)
  await requestPurge(admin(), { run: run.uid })
  await purge()
  await expectRefusal(log(3), 'run_deleted')
  await expectRefusal(
    lab.services.metrics.append({
      workspaceId: lab.workspaceId,
      projectId: project.id,
      runId: run.id,
      clientId: randomUUID(),
      seq: 1,
      attempt: 1,
      fence: 0,
      body: points,
    }),
    'run_deleted',
  )
  const hard = await expectRefusal(getRun(lab.user('viewer'), { run: run.uid }), 'not_found')
  expect(hard.message).toMatch(/was deleted for good/)
  await expectRefusal(getRun(lab.stranger(), { run: run.uid }), 'not_found').then((refusal) =>
    expect(refusal.message).not.toMatch(/deleted/),
  )
})

test('an admin need not wait; a restore before it begins takes it back, and after that there is no way back', async () => {
  await log(1)
  await deleteRun(admin(), { run: run.uid })
  await requestPurge(admin(), { run: run.uid })
  await requestPurge(admin(), { run: run.uid })
  expect(await phase()).toMatchObject({ phase: 'waiting', days_left: null })
  await restoreRun(admin(), { run: run.uid })
  expect(await purge()).toBe(0)
  await deleteAtOnce()
  await purge()
  const refused = await expectRefusal(restoreRun(admin(), { run: run.uid }), 'run_deleted')
  expect(refused.message).toContain('cannot be restored')
  const rows = await lab.database.sql<{ action: string }[]>`
    select action from audit_log where resource = ${`run:${run.uid}`} order by id`
  expect(rows.map((row) => row.action)).toEqual([
    'run.delete',
    'run.purge_request',
    'run.restore',
    'run.delete',
    'run.purge_request',
    'run.purge_start',
    'run.purge',
  ])
})

test('killed between any two chunks, the next turn goes on, and the count of what is gone is right', async () => {
  await log(1)
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 12, last: 5 })
  await putSealed(lab.database.sql, { runId: run.id, metricId: 10, full: 12 })
  const all = Object.entries(await rowsOf(DATA_PLANE)).reduce(
    (n, [t, rows]) => n + (t === 'metric_latest' ? 0 : rows),
    0,
  )
  await deleteAtOnce()
  let kills = 0
  for (; kills < 50; kills++) {
    const killed = await purge({ chunkRows: 5, rest: () => Promise.reject(new Error('killed')) }).then(
      () => false,
      (error: Error) => error.message === 'killed',
    )
    const { rows = 0, done = 0 } = (await mark()) ?? {}
    const left = Object.entries(await rowsOf(DATA_PLANE)).reduce(
      (n, [table, rows]) => n + (table === 'metric_latest' || table === 'metric_seal' ? 0 : rows),
      0,
    )
    expect([rows, done + left]).toEqual([all, all - 1])
    if (!killed) break
    if (kills === 3)
      expect(await phase()).toMatchObject({ phase: 'deleting', rows: all, rows_done: 20, days_left: null })
  }
  expect(kills).toBeGreaterThan(8)
  expect(await rowsOf(DATA_PLANE)).toEqual({})
  expect(await mark()).toMatchObject({ purged: true })
})

test('a turn that runs out of time ends between chunks, and later ones finish', async () => {
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 30 })
  await deleteAtOnce()
  expect(await purge({ turnMs: 5_000, chunkRows: 1, rest: () => setTimeout(5_000) })).toBe(0)
  const { done = 0 } = (await mark()) ?? {}
  expect(done).toBeGreaterThan(0)
  expect(done).toBeLessThan(61)
  expect(await purge()).toBe(1)
})

test('a batch that slipped in is gone after the second look', async () => {
  await log(1)
  await deleteAtOnce()
  await purge()
  await lab.database
    .sql`insert into metric_stream (run_id, stream, client_id, attempt) values (${run.id}, 1, ${randomUUID()}, 1)`
  await lab.database.sql`insert into metric_tail values (${run.id}, 1, 1, 3, now(), 'x')`
  expect(await purge()).toBe(0)
  expect(await rowsOf(DATA_PLANE)).not.toEqual({})
  pass(SECOND_LOOK_MS + 1_000)
  expect(await purge()).toBe(1)
  expect(await rowsOf(DATA_PLANE)).toEqual({})
  expect(await mark()).toMatchObject({ checked: true })
  expect(await purge()).toBe(0)
})

/** Holds what a seal of this run holds, until `release`. */
async function sealing(runId: number): Promise<() => Promise<unknown>> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let tellHeld = () => {}
  const held = new Promise<void>((resolve) => {
    tellHeld = resolve
  })
  const seal = lab.database.sql.begin(async (tx) => {
    await lockSeal(tx, runId)
    tellHeld()
    await released
  })
  await held
  return () => {
    release()
    return seal
  }
}

test('a chunk waits for the seal of its run', async () => {
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 3 })
  await deleteAtOnce()
  const release = await sealing(run.id)
  const purging = purge()
  expect(await Promise.race([purging, setTimeout(400, 'waits' as const)])).toBe('waits')
  expect(await rowsOf(['metric_block'])).toEqual({ metric_block: 6 })
  await release()
  expect(await purging).toBe(1)
  expect(await rowsOf(DATA_PLANE)).toEqual({})
})

test('the seal of another run holds up nothing', async () => {
  const other = await makeRun(lab, project.slug, 'base')
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 3 })
  await deleteAtOnce()
  const release = await sealing(other.id)
  expect(await purge()).toBe(1)
  await release()
})

test('what lies in memory of a deleted run is not written back', async () => {
  await log(1)
  await deleteAtOnce()
  await purge()
  await setTimeout(1_500)
  expect(await rowsOf(['metric_latest'])).toEqual({})
})

test('content that nobody else has goes with the run; what another run has of it stays', async () => {
  const other = await makeRun(lab, project.slug, 'base')
  const mine = await upload(run.ctx, run.uid, 'mine.txt', `mine ${randomUUID()}`)
  const shared = await upload(run.ctx, run.uid, 'shared.txt', `shared ${randomUUID()}`)
  const again = await announceArtifact(other.ctx, { run: other.uid, ...shared, name: 'copy.txt', type: 'file' })
  expect(again.status).toBe('exists')
  const unfinished = await announceArtifact(run.ctx, {
    run: run.uid,
    name: 'half',
    size: 9,
    sha256: 'c'.repeat(64),
    type: 'file',
  })
  expect(unfinished.status).toBe('upload')
  await deleteAtOnce()
  await purge()
  const has = (file: { sha256: string; size: number }) =>
    lab.services.blobs.has(lab.workspaceId, file.sha256, file.size)
  expect([await has(mine), await has(shared)]).toEqual([false, true])
  const blobs = await lab.database.sql<{ sha256: string }[]>`
    select sha256 from blobs where sha256 in (${mine.sha256}, ${shared.sha256})`
  expect(blobs.map((blob) => blob.sha256)).toEqual([shared.sha256])
  // The same content comes anew, although its row and its file were collected.
  expect((await announceArtifact(other.ctx, { run: other.uid, ...mine, type: 'file' })).status).toBe('upload')
})

test('content that is announced while it is collected is sent again, never linked to nothing', async () => {
  const content = `race ${randomUUID()}`
  const file = await upload(run.ctx, run.uid, 'a.txt', content)
  const other = await makeRun(lab, project.slug, 'base')
  await lab.database.sql`delete from artifacts where run_id = ${run.id}`
  await Promise.all([
    collectBlobs(lab.clock(), performance.now() + 10_000),
    upload(other.ctx, other.uid, 'b.txt', content),
  ])
  const rows = await lab.database.sql`select 1 from artifacts where run_id = ${other.id}`
  expect(rows).toHaveLength(1)
  expect(await lab.services.blobs.has(lab.workspaceId, file.sha256, file.size)).toBe(true)
})

test('a checkpoint from which a stage starts keeps its facts, its files and its evaluations; the others go', async () => {
  const used = await makeCheckpoint(run.ctx, run.uid, 5)
  const unused = await makeCheckpoint(run.ctx, run.uid, 7)
  const input = evaluation({ items: rightOf(2, 4), n: 4, score: 0.5 })
  await postEvaluation(lab.key('ingest'), { ...input, checkpoint: used.id })
  const gone = await postEvaluation(lab.key('ingest'), { ...input, checkpoint: unused.id })
  await makeExperiment(lab, project.slug, 'child', { parents: [{ checkpoint: used.id, kind: 'init' }] })
  await deleteAtOnce()
  await purge()
  const kept = await getCheckpoint(lab.user('viewer'), { checkpoint: used.id })
  expect(kept).toMatchObject({ step: 5, run: { number: run.number }, evaluated: 1 })
  expect(kept.deleted_at).toBeUndefined()
  const file = await readCheckpointFile(lab.user('viewer'), { checkpoint: used.id, name: 'model.bin' })
  const stream = await file.open()
  let size = 0
  for await (const chunk of stream) size += (chunk as Buffer).length
  expect(size).toBe(file.size)
  await expectRefusal(getCheckpoint(lab.user('viewer'), { checkpoint: unused.id }), 'not_found')
  expect(await lab.database.sql`select 1 from evaluations where uid = ${gone.id}`).toHaveLength(0)
  expect(await rowsOf(['checkpoints'])).toEqual({ checkpoints: 1 })
  expect(await phase()).toMatchObject({ phase: 'gone', kept_checkpoints: 1 })
})

test('a checkpoint that only an edge of the past names stays as a mark without files and values', async () => {
  const past = await makeCheckpoint(run.ctx, run.uid, 5)
  await makeExperiment(lab, project.slug, 'child', { parents: [{ checkpoint: past.id, kind: 'init' }] })
  await lab.database.sql.begin(async (tx) => {
    await tx`update experiments set root_kind = 'random_init' where project_id = ${project.id} and slug = 'child'`
    await tx`update edges set superseded_at = now() where checkpoint_id = (select id from checkpoints where uid = ${past.id})`
  })
  await deleteAtOnce()
  await purge()
  const view = await getCheckpoint(lab.user('viewer'), { checkpoint: past.id })
  expect(view).toMatchObject({ step: 5, files: [], deleted_at: expect.any(String) })
  const [file] = past.files
  expect(await lab.services.blobs.has(lab.workspaceId, file?.sha256 ?? '', file?.size ?? 0)).toBe(false)
})

test('only admins delete for good, and only what is deleted', async () => {
  await expectRefusal(requestPurge(admin(), { run: run.uid }), 'conflict')
  await deleteRun(admin(), { run: run.uid })
  await expectRefusal(requestPurge(lab.user('editor'), { run: run.uid }), 'forbidden')
  await expectRefusal(requestPurge(lab.key('ingest'), { run: run.uid }), 'forbidden')
  await expectRefusal(requestPurge(lab.stranger(), { run: run.uid }), 'not_found')
  await expectRefusal(listDeletedRuns(lab.stranger(), { workspace: 'lab' }), 'not_found')
  expect(await phase()).toMatchObject({ phase: 'restorable' })
})

test('a key of one project sees the deleted runs of that one', async () => {
  const elsewhere = await makeProject(lab)
  await deleteRun(admin(), { run: run.uid })
  const seen = async (projectId: number) =>
    (await listDeletedRuns(lab.key('read', projectId), {})).items.map((i) => i.uid)
  expect(await seen(project.id)).toEqual([run.uid])
  expect(await seen(elsewhere.id)).toEqual([])
})

test('chunks of a thousand rows delete 60,000 blocks in a few seconds', async () => {
  const { sql } = lab.database
  await sql`
    insert into metric_block (run_id, metric_id, attempt, level, no, n, step0, step1, t0, t1, flags, data)
    select ${run.id}::bigint, m, 1, 0, no, 4096, 0, 0, 0, 0, 0, decode(repeat('ab', 300), 'hex')
    from generate_series(1, 20) m, generate_series(0, 2999) no`
  await deleteAtOnce()
  const startedMs = performance.now()
  expect(await purge()).toBe(1)
  const ms = performance.now() - startedMs
  expect(await rowsOf(DATA_PLANE)).toEqual({})
  expect(ms).toBeLessThan(15_000)
  expect(await mark()).toMatchObject({ rows: 60_001 })
})
