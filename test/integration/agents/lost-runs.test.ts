import { afterAll, beforeAll, expect, it } from 'vitest'
import { markLostRuns } from '#src/services/runs/mark-lost.ts'
import { type AgentWorld, agentWorld } from './world.ts'

let world: AgentWorld
beforeAll(async () => {
  world = await agentWorld()
})
afterAll(() => world.close())

it('a run without an agent is lost after 60 s of silence, and lives again when points arrive', async () => {
  const { sql } = world.database
  const run = await world.job()
  await sql`update jobs set state = 'canceled' where id = ${run.id}`
  await sql`insert into attempts (workspace_id, run_id, number, started_at) values (${world.scope.workspaceId}, ${run.runId}, 1, now())`
  const silent = (seconds: number) =>
    sql`update runs set state = case when state = 'queued' then 'running' else state end, last_contact_at = now() - make_interval(secs => ${seconds}) where id = ${run.runId}`
  const mark = () => markLostRuns(world.as({ kind: 'clock' }))
  await silent(50)
  expect(await mark()).toBe(0)
  await silent(70)
  expect(await mark()).toBe(1)
  expect(await world.runRow(run.runId)).toMatchObject({ state: 'lost' })
  expect([...(await sql`select end_reason from attempts where run_id = ${run.runId}`)]).toEqual([
    { end_reason: 'lost' },
  ])
  expect(await mark()).toBe(0)
  await world.services.metrics.append({
    workspaceId: world.scope.workspaceId,
    projectId: world.scope.projectId,
    runId: run.runId,
    clientId: '00000000-0000-4000-8000-000000000003',
    seq: 1,
    attempt: 1,
    fence: 0,
    body: Buffer.from('{"groups":[{"step":[0],"m":{"loss":[1]}}]}'),
  })
  expect(await mark()).toBe(1)
  expect(await world.runRow(run.runId)).toMatchObject({ state: 'running', ended_at: null })
  expect([...(await sql`select end_reason from attempts where run_id = ${run.runId}`)]).toEqual([{ end_reason: null }])
  await silent(70)
  expect(await mark()).toBe(1)
  expect(await world.runRow(run.runId)).toMatchObject({ state: 'running' })
})
