import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { THINNING_WAIT_MS } from '#src/core/runs/retention.ts'
import { ingestConsole } from '#src/services/console/ingest.ts'
import { ingestMetrics } from '#src/services/metrics/ingest.ts'
import type { OpenStore } from '#src/services/metrics/open-store.ts'
import { readChart } from '#src/services/metrics/read-chart.ts'
import { previewThinning } from '#src/services/projects/storage-use.ts'
import { updateProject } from '#src/services/projects/update.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { startAttempt } from '#src/services/runs/start-attempt.ts'
import { thinOldRuns } from '#src/services/runs/thin-old.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'
import { LEVEL_BYTES, putSealed, RAW_BYTES } from '#test/factories/sealed-data.ts'

type MadeRun = Awaited<ReturnType<typeof makeRun>>

const DAY_MS = 24 * 60 * 60 * 1000
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
  // What other tests asked for is none of this one's work.
  await lab.database.sql`update projects set thin_after_days = null`
  await lab.database.sql`update runs set thinning_at = null`
  project = await makeProject(lab)
  await makeExperiment(lab, project.slug, 'base')
  run = await makeRun(lab, project.slug, 'base')
})

function pass(ms: number): void {
  offsetMs += ms
  lab.setNow(new Date(Date.now() + offsetMs))
}
const admin = () => lab.user('admin')
const policy = (days: number | null, as = admin()) =>
  updateProject(as, { workspace: 'lab', project: project.slug, thin_after_days: days })
const thin = (options: Parameters<typeof thinOldRuns>[1] = {}) =>
  thinOldRuns(lab.clock(), { turnMs: 60_000, rest: () => Promise.resolve(), ...options })
const finish = (of = run, attempt = 1) => finishRun(of.ctx, { run: of.uid, attempt, reason: 'finished', streams: [] })
const points = Buffer.from(JSON.stringify({ groups: [{ step: [1], m: { loss: [1] } }] }))
const log = (attempt: number, of = run) =>
  ingestMetrics(of.ctx, { run: of.uid, stream: randomUUID(), seq: 1, attempt }, points)

/** Blocks of a run as `metric.attempt.level.no`, of some levels. */
async function blocks(level: 'raw' | 'levels', of = run): Promise<string[]> {
  const rows = await lab.database.sql<{ name: string }[]>`
    select concat_ws('.', metric_id, attempt, no) as name from metric_block
    where run_id = ${of.id} and (level = 0) = ${level === 'raw'} order by metric_id, attempt, no`
  return rows.map((row) => row.name)
}
const seal = async (of = run) => {
  const [row] = await lab.database.sql<
    { version: number; rewrites: number }[]
  >`select version, rewrites from metric_seal where run_id = ${of.id}`
  return row
}
const marks = async (of = run) => {
  const [row] = await lab.database.sql<{ attempt: number | null; marked: boolean; thinned: boolean }[]>`
    select thinned_attempt as attempt, thinning_at is not null as marked, thinned_at is not null as thinned
    from runs where id = ${of.id}`
  return row
}

test('off by default: raw points of the oldest run stay', async () => {
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 2 })
  await finish()
  pass(4_000 * DAY_MS)
  expect([await thin(), await blocks('raw')]).toEqual([0, ['9.1.0', '9.1.1']])
  expect(await marks()).toEqual({ attempt: null, marked: false, thinned: false })
})

test('raw blocks with levels go, the levels, the short last block and the summaries stay, and readers are told of a rewrite', async () => {
  const { sql } = lab.database
  await putSealed(sql, { runId: run.id, metricId: 9, full: 3, last: 5 })
  await putSealed(sql, { runId: run.id, metricId: 10, full: 2 })
  await putSealed(sql, { runId: run.id, metricId: 11, full: 0, last: 300 })
  await finish()
  await policy(30)
  pass(30 * DAY_MS - 60_000)
  expect([await thin(), await marks()]).toEqual([0, { attempt: null, marked: false, thinned: false }])
  pass(120_000)
  expect(await thin()).toBe(0)
  expect(await marks()).toEqual({ attempt: 1, marked: true, thinned: false })
  expect(await blocks('raw')).toHaveLength(7)
  pass(THINNING_WAIT_MS)
  expect(await thin()).toBe(1)
  expect(await blocks('raw')).toEqual(['9.1.3', '11.1.0'])
  expect(await blocks('levels')).toEqual(['9.1.0', '9.1.1', '9.1.2', '10.1.0', '10.1.1'])
  expect(await sql`select 1 from metric_latest where run_id = ${run.id} and metric_id in (9, 10, 11)`).toHaveLength(3)
  expect(await sql`select n::int, blocks from metric_series where run_id = ${run.id} and metric_id = 9`).toEqual([
    { n: 3 * 4096 + 5, blocks: 4 },
  ])
  expect(await seal()).toEqual({ version: 2, rewrites: 1 })
  expect(await marks()).toEqual({ attempt: 1, marked: true, thinned: true })
  pass(DAY_MS)
  expect([await thin(), await seal()]).toEqual([0, { version: 2, rewrites: 1 }])
  const audited = await sql`select detail from audit_log where action = 'run.thin' and resource = ${`run:${run.uid}`}`
  expect(audited).toEqual([{ detail: { attempt: 1, blocks: 5 } }])
})

test('a shared axis stays as long as a raw block that stays points to it', async () => {
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 2, last: 5, axis: true })
  await putSealed(lab.database.sql, { runId: run.id, metricId: 10, full: 2, axis: true })
  await finish()
  await policy(7)
  pass(8 * DAY_MS)
  await thin()
  pass(THINNING_WAIT_MS)
  await thin()
  expect(await blocks('raw')).toEqual(['0.1.2', '9.1.2'])
  expect(await blocks('levels')).toEqual(['0.1.0', '0.1.1', '9.1.0', '9.1.1', '10.1.0', '10.1.1'])
})

test('killed between any two pieces, the next turn goes on, and no raw block goes whose level is missing', async () => {
  const { sql } = lab.database
  await putSealed(sql, { runId: run.id, metricId: 9, full: 7 })
  await putSealed(sql, { runId: run.id, metricId: 10, full: 2, last: 4 })
  await sql`delete from metric_block where run_id = ${run.id} and metric_id = 10 and level = 1 and no = 1`
  await finish()
  await policy(7)
  pass(8 * DAY_MS)
  await thin()
  pass(THINNING_WAIT_MS)
  const left: number[] = []
  for (let turn = 0; turn < 8; turn++) {
    await thin({ chunkBlocks: 2, rest: () => Promise.reject(new Error('killed')) }).catch(() => {})
    left.push((await blocks('raw')).length)
  }
  expect(left).toEqual([8, 6, 4, 3, 2, 2, 2, 2])
  expect(await marks()).toMatchObject({ thinned: false })
  expect(await thin()).toBe(1)
  expect(await blocks('raw')).toEqual(['10.1.1', '10.1.2'])
  expect(await marks()).toMatchObject({ thinned: true })
})

test('a run whose tail is not sealed waits', async () => {
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 2 })
  await log(1)
  await finish()
  await policy(7)
  pass(8 * DAY_MS)
  await thin()
  pass(THINNING_WAIT_MS)
  await lab.database.sql`
    insert into metric_tail values (${run.id}, 77, 1, 1, now(), 'x') on conflict do nothing`
  expect(await thin()).toBe(0)
  expect(await blocks('raw')).toContain('9.1.0')
  await lab.database.sql`delete from metric_tail where run_id = ${run.id}`
  expect(await thin()).toBe(1)
})

test('an attempt that was thinned takes no more points, and says how to go on; a new attempt and the console do', async () => {
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 2 })
  await finish()
  await policy(7)
  pass(8 * DAY_MS)
  await thin()
  const refused = await expectRefusal(log(1), 'unprocessable')
  expect(refused.message).toContain('Resume the run as a new attempt')
  const head = { run: run.uid, stream: randomUUID(), seq: 1, attempt: 1 }
  const line = Buffer.from(JSON.stringify({ lines: [{ t: 1, fd: 1, text: 'late' }] }))
  expect((await ingestConsole(run.ctx, head, line)).written).toBe(1)
  const next = await startAttempt(run.ctx, { run: run.uid, first_step: 5 })
  expect(next.attempt).toBe(2)
  expect((await log(2)).written).toBe(1)
  await expectRefusal(log(1), 'unprocessable')
})

test('a resumed run is thinned again after its new end, the new attempt with it', async () => {
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 2 })
  await finish()
  await policy(7)
  pass(8 * DAY_MS)
  await thin()
  pass(THINNING_WAIT_MS)
  expect(await thin()).toBe(1)
  await startAttempt(run.ctx, { run: run.uid })
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, attempt: 2, full: 2 })
  pass(30 * DAY_MS)
  expect(await thin()).toBe(0)
  await finish(run, 2)
  expect(await thin()).toBe(0)
  pass(8 * DAY_MS)
  await thin()
  expect(await blocks('raw')).toEqual(['9.2.0', '9.2.1'])
  pass(THINNING_WAIT_MS)
  expect([await thin(), await blocks('raw')]).toEqual([1, []])
})

test('a policy that is taken back lets go of what was only marked', async () => {
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 2 })
  await finish()
  await policy(7)
  pass(8 * DAY_MS)
  await thin()
  await policy(null)
  pass(THINNING_WAIT_MS)
  expect([await thin(), await blocks('raw'), await marks()]).toEqual([
    0,
    ['9.1.0', '9.1.1'],
    { attempt: null, marked: false, thinned: false },
  ])
  expect((await log(1)).written).toBe(1)
})

test('runs that are under way, and deleted ones, are not thinned', async () => {
  const open = await makeRun(lab, project.slug, 'base')
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 2 })
  await putSealed(lab.database.sql, { runId: open.id, metricId: 9, full: 2 })
  await finish()
  await lab.database.sql`update runs set deleted_at = now() where id = ${run.id}`
  await policy(7)
  pass(100 * DAY_MS)
  await thin()
  pass(THINNING_WAIT_MS)
  expect([await thin(), (await blocks('raw')).length, (await blocks('raw', open)).length]).toEqual([0, 2, 2])
})

test('the preview tells how many runs and about how many bytes a policy would take', async () => {
  const second = await makeRun(lab, project.slug, 'base')
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 3, last: 5 })
  await putSealed(lab.database.sql, { runId: second.id, metricId: 9, full: 1, axis: true })
  const preview = (days: number, as = lab.user('viewer')) =>
    previewThinning(as, { workspace: 'lab', project: project.slug, days })
  expect(await preview(7)).toEqual({ days: 7, runs: 0, bytes: 0 })
  await finish()
  await finish(second)
  pass(10 * DAY_MS)
  expect(await preview(7)).toEqual({ days: 7, runs: 2, bytes: 4 * RAW_BYTES + LEVEL_BYTES })
  expect(await preview(30)).toEqual({ days: 30, runs: 0, bytes: 0 })
  await policy(7)
  await thin()
  pass(THINNING_WAIT_MS)
  await thin()
  expect(await preview(7)).toEqual({ days: 7, runs: 0, bytes: 0 })
  await expectRefusal(preview(7, lab.stranger()), 'not_found')
})

test('only admins set the policy, and a week is the least', async () => {
  await expectRefusal(policy(30, lab.user('editor')), 'forbidden')
  await expectRefusal(policy(30, lab.user('viewer')), 'forbidden')
  expect(await policy(30)).toMatchObject({ thin_after_days: 30 })
  await expect(lab.database.sql`update projects set thin_after_days = 6 where id = ${project.id}`).rejects.toThrow(
    /projects_thin_after_days/,
  )
  expect(await policy(null)).toMatchObject({ thin_after_days: null })
})

test('charts of a thinned run show the same curve, say that it is thinned, and its summaries stay', async () => {
  const store = lab.services.metrics as OpenStore
  const stream = randomUUID()
  const n = 20_000
  const value = (step: number) => Math.fround(Math.sin(step / 500) + (step === 12_345 ? 40 : 0))
  for (let seq = 1; seq <= 4; seq++) {
    const steps = Array.from({ length: n / 4 }, (_, i) => ((seq - 1) * n) / 4 + i)
    const body = {
      groups: [{ step: steps, t: steps.map((s) => 1_000 + s * 10), m: { loss: steps.map(value), lr: steps } }],
    }
    await ingestMetrics(run.ctx, { run: run.uid, stream, seq, attempt: 1 }, Buffer.from(JSON.stringify(body)))
  }
  await finish()
  await store.seal(run.id, true)
  const chart = async (more: { from?: number; to?: number } = {}) => {
    const [line] = (
      await readChart(lab.user('viewer'), {
        workspace: 'lab',
        project: project.slug,
        runs: [run.number],
        metrics: ['loss'],
        x: 'step',
        px: 400,
        superseded: false,
        ...more,
      })
    ).series
    if (!line) throw new Error('no line')
    return line
  }
  const before = await chart()
  const zoomed = await chart({ from: 12_000, to: 12_500 })
  expect([zoomed.exact, zoomed.thinned, Math.max(...zoomed.y)]).toEqual([true, undefined, value(12_345)])
  const summaries = await store.summaries(lab.workspaceId, [run.id])
  await store.flush()
  await policy(7)
  pass(8 * DAY_MS)
  await thin()
  pass(THINNING_WAIT_MS)
  expect(await thin()).toBe(1)
  expect((await blocks('raw')).length).toBe(0)
  const after = await chart()
  expect(after).toEqual({ ...before, thinned: true })
  const coarse = await chart({ from: 12_000, to: 12_500 })
  expect(coarse).toMatchObject({ exact: false, thinned: true })
  expect(Math.max(...(coarse.max ?? [])) + coarse.base).toBeCloseTo(value(12_345), 4)
  expect(coarse.shown).toBeGreaterThan(50)
  expect(await store.summaries(lab.workspaceId, [run.id])).toEqual(summaries)
  store.dropHeads()
  expect(await chart()).toEqual(after)
})

test('a run that was resumed waits for its seal, and loses nothing that it logs meanwhile', async () => {
  await putSealed(lab.database.sql, { runId: run.id, metricId: 9, full: 2 })
  await finish()
  await policy(30)
  pass(31 * DAY_MS)
  await thin()
  pass(THINNING_WAIT_MS + 1_000)
  await startAttempt(run.ctx, { run: run.uid })
  const store = run.ctx.services.metrics as OpenStore
  await store.flush()
  await log(2)
  expect([await thin(), await blocks('raw')]).toEqual([0, ['9.1.0', '9.1.1']])
  const told = async () => {
    await store.flush()
    return await lab.database.sql`
      select l.n from metric_latest l join metric_keys k on k.id = l.metric_id where l.run_id = ${run.id} and k.name = 'loss'`
  }
  // Telling from stored points rests for up to ten seconds where it took long, as it may have for the runs of other tests.
  await expect.poll(told, { timeout: 20_000 }).toEqual([{ n: 1 }])
})
