import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mintRegistrationToken } from '#src/services/agents/registration-tokens.ts'
import { runAgent } from '#workers/agent/main.ts'
import { type RunningServer, runningServer } from './running-server.ts'
import { type AgentWorld, agentWorld } from './world.ts'

let world: AgentWorld
let server: RunningServer
let folder: string
const ask = new AbortController()
let ended: Promise<void>

beforeAll(async () => {
  world = await agentWorld()
  server = runningServer(world.services, 17_253)
  await server.start()
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'descent-resume-'))
  const { token } = await mintRegistrationToken(world.ctx(), { workspace: world.workspace, queues: ['resume'] })
  ended = runAgent({
    serverUrl: server.url,
    dataDir: path.join(folder, 'agent'),
    registrationToken: token,
    name: 'box',
    slots: 2,
    recipesFile: path.resolve('test/fixtures/trainers/recipes.yaml'),
    python: process.execPath,
    timings: { graceMs: 700, heartbeatMs: 300, outputMs: 50, claimWaitS: 2, retryMs: [50, 300] },
    log: { info: () => {}, warn: () => {} },
    signal: ask.signal,
  })
})
afterAll(async () => {
  ask.abort()
  await ended
  await server.stop()
  await world.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

async function until<T>(what: string, look: () => Promise<T | null | undefined | false>, limitMs = 15_000): Promise<T> {
  for (const end = Date.now() + limitMs; Date.now() < end; await new Promise((r) => setTimeout(r, 50))) {
    const found = await look()
    if (found) return found
  }
  throw new Error(`${what} did not happen within ${limitMs} ms`)
}
const lines = async (runId: number) =>
  (await world.services.metrics.console(runId, { limit: 1000, tail: false })).lines.map((line) => line.text)

it('a killed program goes on from its last committed checkpoint, without a hole and without a doubled step; its child starts from its end', async () => {
  const { sql } = world.database
  const parent = await world.experiment('parent')
  const child = await world.experiment('child')
  await sql`insert into edges (workspace_id, child_id, parent_id, kind, created_by) values (${world.scope.workspaceId}, ${child}, ${parent}, 'init', 'test')`
  const recipe = 'saves-every-two-steps'
  const job = await world.job({ queue: 'resume', experimentId: parent, recipe })
  const next = await world.job({
    queue: 'resume',
    experimentId: child,
    recipe,
    params: { steps: 1, step_ms: 0 },
    inputs: [{ role: 'parent', experimentId: parent }],
  })
  const pid = await until('a checkpoint at step 3', async () => {
    const [row] = await sql`select 1 from checkpoints where run_id = ${job.runId} and step = 3`
    return row && Number(/^process (\d+)$/m.exec((await lines(job.runId)).join('\n'))?.[1])
  })
  process.kill(-pid, 'SIGKILL')
  const row = await until('the repeat', async () => {
    const now = await world.jobRow(job.id)
    return now.state === 'queued' && now
  })
  expect(row.reason).toContain('Killed by SIGKILL')
  await sql`update jobs set run_after = now() where id = ${job.id}`
  for (const id of [job.id, next.id])
    await until('the end', async () =>
      ['finished', 'failed', 'canceled'].includes(String((await world.jobRow(id)).state)),
    )
  const { state, attempt, fence, reason } = await world.jobRow(job.id)
  expect({ state, attempt, fence, reason }).toEqual({ state: 'finished', attempt: 2, fence: 3, reason: '' })
  expect(await world.runRow(job.runId)).toMatchObject({ state: 'finished' })

  const [second] = await sql<
    { first_step: number; from_step: number; host: string }[]
  >`select a.first_step, c.step as from_step, a.host from attempts a join checkpoints c on c.id = a.from_checkpoint_id where a.run_id = ${job.runId} and a.number = 2`
  expect(second).toMatchObject({ host: 'box' })
  expect(second?.from_step).toBeGreaterThanOrEqual(3)
  expect(second?.first_step).toBe((second?.from_step ?? 0) + 1)
  const said = await lines(job.runId)
  expect(said).toContain(`resume: step ${second?.from_step} of ${job.runUid}`)
  expect(said).toContain(`attempt 2 from step ${second?.first_step}`)
  const [loss] = [
    ...(await world.services.metrics.summaries(world.scope.workspaceId, [job.runId], ['loss'])).values(),
  ].flat()
  expect(loss).toMatchObject({ n: 10, first_step: 0, last_step: 9 })

  expect(await world.jobRow(next.id)).toMatchObject({ state: 'finished', reason: '' })
  expect(await lines(next.runId)).toContain(`parent: step 9 of ${job.runUid}`)
  const [edge] =
    await sql`select c.step from edges e join checkpoints c on c.id = e.checkpoint_id where e.child_id = ${child}`
  expect(edge?.step).toBe(9)
  const held =
    await sql`select attempt, ended_at is not null as ended from allocations where run_id = ${job.runId} order by attempt`
  expect([...held]).toEqual([
    { attempt: 1, ended: true },
    { attempt: 2, ended: true },
  ])
})

/** The file of the store that holds the content of a checkpoint. */
async function storedFile(checkpointId: number): Promise<string> {
  const [file] = await world.database.sql<{ sha256: string }[]>`
    select sha256 from checkpoint_files where checkpoint_id = ${checkpointId}`
  const hash = file?.sha256 ?? ''
  const blobs = path.join(world.services.settings.dataDir, 'artifacts', 'blobs', String(world.scope.workspaceId))
  return path.join(blobs, hash.slice(0, 2), hash.slice(2, 4), hash)
}

it.each([
  ['another content', (bytes: Buffer) => Buffer.alloc(bytes.length, 'x')],
  ['a part of its content', (bytes: Buffer) => bytes.subarray(1)],
])('a checkpoint with %s is passed over for the one before', async (_, spoil) => {
  const { sql } = world.database
  const recipe = 'saves-every-two-steps'
  const job = await world.job({ queue: 'resume', experimentId: await world.experiment(randomUUID()), recipe })
  const pid = await until('a checkpoint at step 3', async () => {
    const [row] = await sql`select 1 from checkpoints where run_id = ${job.runId} and step = 3`
    return row && Number(/^process (\d+)$/m.exec((await lines(job.runId)).join('\n'))?.[1])
  })
  process.kill(-pid, 'SIGKILL')
  await until('the repeat', async () => (await world.jobRow(job.id)).state === 'queued')
  const [newest, before] = await sql<{ id: number; step: number }[]>`
    select id, step from checkpoints where run_id = ${job.runId} order by step desc limit 2`
  const file = await storedFile(newest?.id ?? 0)
  fs.writeFileSync(file, spoil(fs.readFileSync(file)))
  await sql`update jobs set run_after = now() where id = ${job.id}`
  await until('the end', async () => ['finished', 'failed'].includes(String((await world.jobRow(job.id)).state)))
  expect(await world.jobRow(job.id)).toMatchObject({ state: 'finished', reason: '' })
  expect(await lines(job.runId)).toContain(`resume: step ${before?.step} of ${job.runUid}`)
  const [loss] = [
    ...(await world.services.metrics.summaries(world.scope.workspaceId, [job.runId], ['loss'])).values(),
  ].flat()
  expect(loss).toMatchObject({ first_step: 0, last_step: 9 })
  // What was damaged was saved once more on the way, and is whole again.
  const [last] = await sql<{ id: number }[]>`
    select id from checkpoints where run_id = ${job.runId} and step = ${newest?.step ?? 0} order by attempt desc limit 1`
  expect(fs.readFileSync(await storedFile(last?.id ?? 0), 'utf8')).toBe(`step ${newest?.step} of ${job.runUid}`)
})
