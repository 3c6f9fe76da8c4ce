import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ingestConsole } from '#src/services/console/ingest.ts'
import { ingestMetrics } from '#src/services/metrics/ingest.ts'
import { getProjectStorage, getWorkspaceStorage } from '#src/services/projects/storage-use.ts'
import { deleteRun } from '#src/services/runs/delete.ts'
import { upload } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'
import { LEVEL_BYTES, putSealed, RAW_BYTES } from '#test/factories/sealed-data.ts'

let lab: Lab
let project: { slug: string; id: number }
let run: Awaited<ReturnType<typeof makeRun>>
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  lab.setNow(null)
  project = await makeProject(lab)
  await makeExperiment(lab, project.slug, 'base')
  run = await makeRun(lab, project.slug, 'base')
})

const storage = (as = lab.user('viewer')) => getProjectStorage(as, { workspace: 'lab', project: project.slug })
const pass = (ms: number) => lab.setNow(new Date(Date.now() + ms))

test('what a project takes is counted by kind, and the largest run comes first', async () => {
  const small = await makeRun(lab, project.slug, 'base')
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 10, last: 5 })
  await putSealed(lab.database.sql, { runId: small.id, metricId: 9, full: 1 })
  const body = Buffer.from(JSON.stringify({ groups: [{ step: [1, 2, 3], m: { loss: [3, 2, 1] } }] }))
  await ingestMetrics(small.ctx, { run: small.uid, stream: randomUUID(), seq: 1, attempt: 1 }, body)
  const lines = Buffer.from(JSON.stringify({ lines: [{ t: 1, fd: 1, text: 'x'.repeat(1_000) }] }))
  await ingestConsole(run.ctx, { run: run.uid, stream: randomUUID(), seq: 1, attempt: 1 }, lines)
  const told = await storage()
  expect(told).toMatchObject({
    runs: 2,
    deleted_runs: 0,
    unsealed_runs: 1,
    unsealed_points: 3,
    points: 11 * 4096 + 5 + 3,
    bytes: { raw: 12 * RAW_BYTES, levels: 11 * LEVEL_BYTES },
  })
  expect(told.bytes.console).toBeGreaterThan(1_000)
  const { unsealed, raw, levels, summaries, rows } = told.bytes
  expect(told.metric_bytes).toBe(unsealed + raw + levels + summaries + rows)
  expect(told.bytes_per_point).toBeCloseTo(told.metric_bytes / told.points, 9)
  expect(told.bytes_per_million_points).toBe(Math.round((told.bytes_per_point ?? 0) * 1e6))
  expect(told.largest_runs.map((r) => r.number)).toEqual([run.number, small.number])
  expect(told.largest_runs.reduce((sum, r) => sum + r.metric_bytes, 0)).toBe(told.metric_bytes)
})

test('the estimate around the counted content is within a fifth of what PostgreSQL takes', async () => {
  const { sql } = lab.database
  await sql`
    insert into metric_block (run_id, metric_id, attempt, level, no, n, step0, step1, t0, t1, flags, data)
    select ${run.id}::bigint, m, 1, 0, no, 4096, 0, 0, 0, 0, 0, decode(repeat('ab', 16000), 'hex')
    from generate_series(1, 20) m, generate_series(0, 99) no`
  const [disk] = await sql<{ bytes: number }[]>`select pg_total_relation_size('metric_block')::bigint as bytes`
  const { metric_bytes } = await storage()
  expect(Math.abs(metric_bytes / (disk?.bytes ?? 1) - 1)).toBeLessThan(0.2)
})

test('files count once per project, and in each run that has them', async () => {
  const other = await makeRun(lab, project.slug, 'base')
  await upload(run.ctx, run.uid, 'a.txt', 'the same')
  await upload(other.ctx, other.uid, 'b.txt', 'the same')
  await upload(other.ctx, other.uid, 'c.txt', 'another')
  const told = await storage()
  expect(told.bytes.artifacts).toBe('the same'.length + 'another'.length)
  expect(Object.fromEntries(told.largest_runs.map((r) => [r.number, r.bytes.artifacts]))).toEqual({
    [run.number]: 8,
    [other.number]: 15,
  })
})

test('it is counted at most once a minute, and says when', async () => {
  const first = await storage()
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 1 })
  expect(await storage()).toEqual(first)
  pass(61_000)
  const later = await storage()
  expect(later.points).toBe(4096)
  expect(Date.parse(later.measured_at) - Date.parse(first.measured_at)).toBeGreaterThan(60_000)
})

test('a deleted run counts until its data is gone, and is named as such', async () => {
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 1 })
  await deleteRun(lab.user('admin'), { run: run.uid })
  expect(await storage()).toMatchObject({
    runs: 0,
    deleted_runs: 1,
    points: 4096,
    largest_runs: [{ number: run.number, deleted: true }],
  })
})

test('an empty project has nothing, and no bytes per point', async () => {
  const empty = await makeProject(lab)
  const told = await getProjectStorage(lab.user('viewer'), { workspace: 'lab', project: empty.slug })
  expect(told).toMatchObject({
    runs: 0,
    points: 0,
    total_bytes: 0,
    bytes_per_point: null,
    bytes_per_million_points: null,
  })
})

test('a workspace lists its projects by size; sizes of the whole instance are for its admins', async () => {
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 40 })
  pass(120_000)
  const plain = await getWorkspaceStorage(lab.user('owner'), { workspace: 'lab' })
  expect(plain.projects.find((p) => p.project === project.slug)).toMatchObject({ points: 40 * 4096 })
  expect(plain.projects.map((p) => p.total_bytes)).toEqual(
    plain.projects.map((p) => p.total_bytes).sort((a, b) => b - a),
  )
  expect(plain.instance).toBeNull()
  const user = lab.user('owner')
  if (user.actor.kind !== 'user') throw new Error('not a user')
  const told = await getWorkspaceStorage(
    { ...user, actor: { ...user.actor, isInstanceAdmin: true } },
    { workspace: 'lab' },
  )
  expect(told.instance?.database).toBeGreaterThan(told.instance?.metrics ?? Number.POSITIVE_INFINITY)
  expect(told.instance?.metrics).toBeGreaterThan(40 * RAW_BYTES)
})

test('a key of one project sees that one, a stranger nothing', async () => {
  const told = await getWorkspaceStorage(lab.key('read', project.id), {})
  expect(told.projects.map((p) => p.project)).toEqual([project.slug])
  await expectRefusal(getWorkspaceStorage(lab.stranger(), { workspace: 'lab' }), 'not_found')
  await expectRefusal(storage(lab.stranger()), 'not_found')
  await expectRefusal(storage(lab.key('ingest')), 'forbidden')
})
