import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCaller } from '#src/api/trpc/procedures.ts'
import { appRouter } from '#src/api/trpc/root.ts'
import { AgentsPage } from '#src/protocol/agents.ts'
import { heartbeatAgent } from '#src/services/agents/heartbeat.ts'
import { registerAgent } from '#src/services/agents/register.ts'
import { claimJob } from '#src/services/jobs/claim.ts'
import { listProjectJobs } from '#src/services/jobs/list.ts'
import { type AgentWorld, agentWorld } from './world.ts'

let world: AgentWorld
beforeAll(async () => {
  world = await agentWorld()
})
afterAll(() => world.close())

const as = (actor: AgentWorld['owner']) => createCaller(appRouter)(world.as(actor))
const machine = {
  name: 'box',
  public_key: Buffer.alloc(32, 1).toString('base64'),
  labels: { cpus: 2 },
  slots: 1,
  recipes: ['finishes'],
}

describe('people', () => {
  it('mint tokens that are shown once and stored hashed, list them without secrets, and revoke them; readers may not', async () => {
    const { workspace } = world
    const { token } = await as(world.owner).agents.mintToken({ workspace, queues: ['gpu'] })
    expect(token).toMatch(/^dsc_reg-[A-Za-z0-9]{40}$/)
    expect(JSON.stringify(await world.database.sql`select * from registration_tokens`)).not.toContain(
      token.slice(18, 42),
    )
    const [listed] = await as(world.owner).agents.tokens({ workspace })
    expect(listed).toMatchObject({ state: 'open', queues: ['gpu'], last_four: token.slice(-4) })
    await as(world.owner).agents.revokeToken({ workspace, id: listed?.id ?? '' })
    await expect(registerAgent(world.as({ kind: 'anonymous' }), token, machine)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    await expect(as(world.viewer).agents.mintToken({ workspace, queues: [] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await expect(as(world.owner).agents.mintToken({ workspace, queues: ['no blanks'] })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    const expired = await as(world.owner).agents.mintToken({ workspace, queues: ['gpu'] })
    await world.database
      .sql`update registration_tokens set expires_at = now() - interval '1 second' where used_at is null`
    await expect(registerAgent(world.as({ kind: 'anonymous' }), expired.token, machine)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('see machines with their load, what runs, what waits and why, and what ended; strangers see nothing', async () => {
    const { workspace } = world
    const agent = await world.agent('local')
    await heartbeatAgent(world.as(agent), {
      agent: agent.agentUid,
      slots: 1,
      busy: 1,
      recipes: ['finishes'],
      jobs: [],
      load: { t: 1, cpu_pct: 40, mem_used_bytes: 1, mem_total_bytes: 2, pressure_cpu_some: null, gpus: [] },
    })
    const running = await world.job()
    const waiting = await world.job()
    await claimJob(
      world.as(agent),
      { agent: agent.agentUid, queues: ['default'], recipes: ['finishes'], wait_s: 0 },
      new AbortController().signal,
    )
    const page = AgentsPage.parse(await as(world.viewer).agents.page({ workspace }))
    expect(page.agents).toMatchObject([
      { name: 'local', online: true, busy: 1, load: { cpu_pct: 40, pressure_cpu_some: null } },
    ])
    expect(page.running).toMatchObject([{ id: running.uid, state: 'leased', agent: 'local', attempt: 1, fence: 1 }])
    expect(page.waiting).toMatchObject([{ id: waiting.uid, reason: 'The one slot of queue default is busy.' }])
    expect(page.queues).toMatchObject([{ name: 'default', paused: false, waiting: 1, running: 1 }])
    await expect(as(world.viewer).agents.page({ workspace: 'elsewhere' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(as(world.viewer).jobs.cancel({ workspace, job: waiting.uid })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await as(world.owner).agents.pauseQueue({ workspace, queue: 'default' })
    const paused = await as(world.viewer).agents.page({ workspace })
    expect(paused.waiting[0]?.reason).toBe('Queue default is paused.')
    expect(await as(world.owner).jobs.cancel({ workspace, job: waiting.uid })).toMatchObject({ state: 'canceled' })
    expect((await as(world.viewer).agents.page({ workspace })).recent).toMatchObject([
      { id: waiting.uid, reason: 'Canceled by Ada.' },
    ])
  })

  it('page through the jobs of a project, the newest first', async () => {
    const made = [await world.job(), await world.job(), await world.job()]
    const list = (cursor?: string) =>
      listProjectJobs(world.ctx(), { workspace: world.workspace, project: world.project, limit: 2, cursor })
    const first = await list()
    expect(first.items.map((job) => job.id)).toEqual([made[2]?.uid, made[1]?.uid])
    const second = await list(first.next_cursor)
    expect(second.items[0]?.id).toBe(made[0]?.uid)
    await expect(list('00000000-0000-4000-8000-000000000009')).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(list('nonsense')).rejects.toMatchObject({ code: 'invalid_request' })
  })

  it('of another workspace cannot reach a job or an agent by its id, and an agent not those of another queue', async () => {
    const other = await agentWorld()
    try {
      const foreign = await other.job()
      await expect(as(world.owner).jobs.cancel({ workspace: world.workspace, job: foreign.uid })).rejects.toMatchObject(
        { code: 'NOT_FOUND' },
      )
      const mine = await world.job({ queue: 'gpu' })
      const agent = await world.agent('cpu-only', ['cpu'])
      const { heartbeatJob } = await import('#src/services/jobs/heartbeat.ts')
      const word = { attempt: 1, fence: 0, state: 'running' as const }
      for (const job of [mine.uid, foreign.uid])
        await expect(heartbeatJob(world.as(agent), { job, ...word })).rejects.toMatchObject({ code: 'not_found' })
    } finally {
      await other.close()
    }
  })
})
