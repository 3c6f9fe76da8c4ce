import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hourlyAt } from '#src/core/metrics/x-axis.ts'
import { projectScope } from '#src/db/scope.ts'
import { lineageStarts, whyWithoutPlace } from '#src/services/lineage/start-values.ts'
import { groupRuns } from '#src/services/metrics/group-runs.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'

let lab: Lab
let project: { slug: string; id: number }
const runs: Record<string, number> = {}
const T0 = Date.parse('2026-01-01T00:00:00Z')
const HOUR = 3_600_000
const hour = (h: number) => new Date(T0 + h * HOUR).toISOString()

beforeAll(async () => {
  lab = await openLab()
  project = await makeProject(lab)
  await makeExperiment(lab, project.slug, 'base')
  // Three hours on two cores, its checkpoint after one; its counter begins at 0.
  await trained('base', { hours: [0, 3], saved: 1, tokens: [10, 1000] })
  await makeExperiment(lab, project.slug, 'sft', { parents: [{ experiment: 'base', kind: 'init' }] })
  // Its counter goes on from the parent's.
  await trained('sft', { hours: [4, 6], saved: 6, tokens: [1010, 1600] })
  await makeExperiment(lab, project.slug, 'dpo', { stage: 'dpo', parents: [{ experiment: 'sft', kind: 'init' }] })
  await trained('dpo', { hours: [7, 8], saved: 8, tokens: [5, 50] })
  await makeExperiment(lab, project.slug, 'silent', { parents: [{ experiment: 'base', kind: 'init' }] })
  await trained('silent', { hours: [7, 8], saved: 8 })
  await makeExperiment(lab, project.slug, 'after-silent', { parents: [{ experiment: 'silent', kind: 'init' }] })
  runs['after-silent'] = (await makeRun(lab, project.slug, 'after-silent')).id
  runs.unstaged = (await makeRun(lab, project.slug)).id
})
afterAll(() => lab.close())

/** A stage whose run held two cores, saved once and finished. */
async function trained(
  experiment: string,
  of: { hours: [number, number]; saved: number; tokens?: [number, number] },
): Promise<void> {
  const run = await makeRun(lab, project.slug, experiment)
  runs[experiment] = run.id
  const m = { loss: [3, 2], ...(of.tokens && { tokens: of.tokens }) }
  await lab.services.metrics.append({
    workspaceId: lab.workspaceId,
    projectId: project.id,
    runId: run.id,
    clientId: randomUUID(),
    seq: 1,
    attempt: 1,
    fence: 0,
    body: Buffer.from(JSON.stringify({ groups: [{ step: [0, 9], m }] })),
  })
  // The checkpoint tells no tokens itself: they are those kept from the run's counter at its step.
  const { id } = await makeCheckpoint(run.ctx, run.uid, 9)
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
  const { sql } = lab.database
  await sql`update allocations set started_at = ${hour(of.hours[0])}, ended_at = ${hour(of.hours[1])} where run_id = ${run.id}`
  await sql`update checkpoints set created_at = ${hour(of.saved)} where uid = ${id}`
}

const scope = () => projectScope(lab.workspaceId, project.id)
const startOf = async (name: string) => {
  const id = runs[name] ?? 0
  return (await lineageStarts(lab.user('viewer'), scope(), [id])).get(id)
}

test('weights begun at random have nothing behind them', async () =>
  expect(await startOf('base')).toMatchObject({ tokens: 0, tokensOffset: 0, tokensKey: 'tokens', deviceHours: 0 }))

test('device-hours of a parent count up to the checkpoint that was gone on from', async () =>
  expect(await startOf('sft')).toMatchObject({ deviceHours: 2 * 1, deviceKind: 'cpu' }))

test('a counter that goes on from the parent’s is not added to it', async () =>
  expect(await startOf('sft')).toMatchObject({ tokens: 1000, tokensOffset: 0 }))

test('a counter that begins at 0 lies behind all tokens of the stages before', async () =>
  expect(await startOf('dpo')).toMatchObject({ tokens: 1600, tokensOffset: 1600, deviceHours: 2 * 1 + 2 * 2 }))

test('behind a stage without tokens they are unknown, device-hours are not', async () =>
  expect(await startOf('after-silent')).toMatchObject({ tokens: null, tokensOffset: null, deviceHours: 2 * 1 + 2 * 1 }))

test('why a run has no place is said in words', async () => {
  const why = async (name: string, x: 'lineage_tokens' | 'lineage_device_hours') => {
    const start = await startOf(name)
    return start && whyWithoutPlace(start, x)
  }
  expect(await why('dpo', 'lineage_tokens')).toBeNull()
  expect(await why('dpo', 'lineage_device_hours')).toBeNull()
  expect(await why('silent', 'lineage_tokens')).toContain('no tokens were logged')
  expect(await why('unstaged', 'lineage_device_hours')).toContain('an ancestor')
})

test('a run of no stage has an unknown past', async () =>
  expect(await startOf('unstaged')).toMatchObject({ tokens: null, deviceHours: null }))

test('a run’s own device-hours grow from 0 with what it holds', async () => {
  const { held = [] } = (await startOf('sft')) ?? {}
  expect([3, 5, 9].map((h) => hourlyAt(held, T0 + h * HOUR))).toEqual([0, 2, 4])
})

test('a run that tells no hardware has no place on device-hours', async () => {
  const bare = await makeRun(lab, project.slug, 'dpo')
  await lab.database.sql`delete from allocations where run_id = ${bare.id}`
  const start = (await lineageStarts(lab.user('viewer'), scope(), [bare.id])).get(bare.id)
  expect(start).toMatchObject({ deviceHours: null, deviceKind: null, held: [] })
})

test('many runs at once begin where each begins alone', async () => {
  const ids = Object.values(runs)
  const all = await lineageStarts(lab.user('viewer'), scope(), ids)
  for (const id of ids) expect(all.get(id)).toEqual((await lineageStarts(lab.user('viewer'), scope(), [id])).get(id))
})

test('runs of another workspace have no start', async () =>
  expect(await lineageStarts(lab.stranger(), projectScope(lab.otherWorkspaceId, 1), Object.values(runs))).toEqual(
    new Map(),
  ))

test('runs are grouped by stage, by a value of their config, or all together', async () => {
  const { sql } = lab.database
  const [a, b, c, d] = [runs.base ?? 0, runs.sft ?? 0, runs.dpo ?? 0, runs.silent ?? 0]
  await sql`update runs set config = ${sql.json({ optimizer: { lr: 10 }, 'a.b': 'x' })} where id = ${a}`
  await sql`update runs set config = ${sql.json({ optimizer: { lr: 9 }, a: { b: 'x' } })} where id in (${b}, ${c})`
  await sql`update runs set config = ${sql.json({ optimizer: {} })} where id = ${d}`
  const grouped = async (by: 'all' | 'experiment' | 'config', key?: string) =>
    (await groupRuns(lab.user('viewer'), scope(), [d, c, b, a], { by, key })).map((g) => [g.group, g.runIds])
  expect(await grouped('all')).toEqual([['all runs', [a, b, c, d]]])
  expect(await grouped('experiment')).toEqual([
    ['base', [a]],
    ['sft', [b]],
    ['dpo', [c]],
    ['silent', [d]],
  ])
  expect(await grouped('config', 'optimizer.lr')).toEqual([
    ['optimizer.lr 9', [b, c]],
    ['optimizer.lr 10', [a]],
    ['optimizer.lr missing', [d]],
  ])
  expect(await grouped('config', 'a.b')).toEqual([
    ['a.b x', [a, b, c]],
    ['a.b missing', [d]],
  ])
})

test('a grouping by config without a key is refused with a way out', async () =>
  expect(groupRuns(lab.user('viewer'), scope(), [1], { by: 'config' })).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('Name one'),
  }))
