import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Claim } from '#src/protocol/agents.ts'
import type { Actor } from '#src/services/actor.ts'
import { readAgentsPage } from '#src/services/agents/page.ts'
import { pauseQueue, resumeQueue } from '#src/services/agents/pause-queue.ts'
import { revokeAgent } from '#src/services/agents/revoke.ts'
import { cancelJob } from '#src/services/jobs/cancel.ts'
import { claimJob } from '#src/services/jobs/claim.ts'
import { finishJob } from '#src/services/jobs/finish.ts'
import { heartbeatJob } from '#src/services/jobs/heartbeat.ts'
import { releaseJob } from '#src/services/jobs/release.ts'
import { sweepAfterAbsence } from '#src/services/jobs/sweep-after-absence.ts'
import { sweepLeases } from '#src/services/jobs/sweep-leases.ts'
import { deleteRun } from '#src/services/runs/delete.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { startAttempt } from '#src/services/runs/start-attempt.ts'
import { stopRun } from '#src/services/runs/stop.ts'
import { type AgentWorld, agentWorld } from './world.ts'

type AgentActor = Extract<Actor, { kind: 'agent' }>

let world: AgentWorld
beforeAll(async () => {
  world = await agentWorld()
})
afterAll(() => world.close())

const never = new AbortController().signal
const claim = (agent: AgentActor, recipes = ['finishes'], queues = agent.queues): Promise<Claim | null> =>
  claimJob(world.as(agent), { agent: agent.agentUid, queues: [...queues], recipes, wait_s: 0 }, never)
const taken = async (agent: AgentActor, recipes?: string[]): Promise<Claim> => {
  const got = await claim(agent, recipes)
  if (!got) throw new Error('a job was expected')
  return got
}
const beat = (agent: AgentActor, c: Claim, state: 'leased' | 'running' = 'running') =>
  heartbeatJob(world.as(agent), { job: c.job.id, attempt: c.attempt, fence: c.fence, state })
const finish = (agent: AgentActor, c: Claim, reason: 'finished' | 'failed' | 'killed' | 'stopped' = 'finished') =>
  finishJob(world.as(agent), {
    job: c.job.id,
    attempt: c.attempt,
    fence: c.fence,
    exit_code: reason === 'finished' ? 0 : 1,
    reason,
    message: reason === 'finished' ? '' : `Exit code 1: python ${c.job.recipe}.py`,
  })
const jobActor = (
  { scope, workspace }: AgentWorld,
  job: { id: number; uid: string; runId: number; runUid: string },
  { attempt, fence }: Claim,
): Actor => ({
  kind: 'job',
  jobId: job.id,
  jobUid: job.uid,
  jobKind: 'train',
  workspaceId: scope.workspaceId,
  workspaceSlug: workspace,
  projectId: scope.projectId,
  experimentId: 0,
  runId: job.runId,
  runUid: job.runUid,
  attempt,
  fence,
  inputCheckpointIds: [],
  targetCheckpointId: null,
})
const dueNow = () => world.database.sql`update jobs set run_after = now() where state = 'queued'`
const refused = (code: string) => expect.objectContaining({ name: 'Refusal', code })

/** Copies of one job, each with a run of its own; answers their ids. */
async function queueMany(queue: string, count: number): Promise<string[]> {
  const { sql } = world.database
  const job = await world.job({ queue })
  await sql`
    with copies as (
      insert into runs (uid, workspace_id, project_id, experiment_id, number, name, kind, created_by)
      select gen_random_uuid(), workspace_id, project_id, experiment_id, 100000 + n, 'copy', kind, created_by
      from runs, generate_series(2, ${count}::int) n where id = ${job.runId} returning id
    )
    insert into jobs (workspace_id, project_id, queue_id, experiment_id, run_id, kind, recipe, state, created_by)
    select j.workspace_id, j.project_id, j.queue_id, j.experiment_id, c.id, j.kind, j.recipe, j.state, j.created_by
    from jobs j, copies c where j.id = ${job.id}`
  const rows = await sql<
    { uid: string }[]
  >`select j.uid from jobs j join queues q on q.id = j.queue_id where q.name = ${queue}`
  return rows.map((row) => row.uid)
}

describe('claims', () => {
  it('give each of 200 jobs to exactly one of 50 agents, in every round, with fences that strictly increase', async () => {
    const made = await queueMany('storm', 200)
    const claimers = await Promise.all(Array.from({ length: 50 }, (_, i) => world.agent(`storm-${i}`, ['storm'])))
    let before = new Map<string, number>()
    for (let round = 1; round <= 2; round++) {
      const claims = (
        await Promise.all(
          claimers.map(async (agent) => {
            const mine: { agent: number; claim: Claim }[] = []
            for (let c = await claim(agent); c; c = await claim(agent)) mine.push({ agent: agent.agentId, claim: c })
            return mine
          }),
        )
      ).flat()
      expect(new Set(claims.map((c) => c.claim.job.id))).toEqual(new Set(made))
      expect(claims).toHaveLength(200)
      const rows = await world.database.sql<
        { uid: string; agent_id: number; fence: number; attempt: number }[]
      >`select j.uid, j.agent_id, j.fence, j.attempt from jobs j join queues q on q.id = j.queue_id where q.name = 'storm'`
      const now = new Map(rows.map((row) => [row.uid, row.fence]))
      for (const { agent, claim: c } of claims) {
        const row = rows.find((r) => r.uid === c.job.id)
        expect(row).toMatchObject({ agent_id: agent, fence: c.fence, attempt: round })
        expect(c.fence).toBeGreaterThan(before.get(c.job.id) ?? 0)
      }
      before = now
      await world.database.sql`update jobs set lease_until = now() - interval '1 second' where state = 'leased'`
      expect(await sweepLeases(world.as({ kind: 'clock' }))).toBe(200)
      await dueNow()
    }
    await world.database.sql`update jobs set state = 'canceled' where state = 'queued'`
  }, 90_000)

  it('only offer recipes that the agent has, from queues that run and for which it is registered', async () => {
    const job = await world.job({ recipe: 'rare', queue: 'picky' })
    const agent = await world.agent('picky', ['picky'])
    expect(await claim(agent)).toBeNull()
    await expect(claim(agent, ['rare'], ['storm'])).rejects.toEqual(refused('forbidden'))
    await pauseQueue(world.ctx(), { workspace: world.workspace, queue: 'picky' })
    expect(await claim(agent, ['rare'])).toBeNull()
    await resumeQueue(world.ctx(), { workspace: world.workspace, queue: 'picky' })
    const got = await taken(agent, ['rare'])
    expect(got.job).toMatchObject({ id: job.uid, run: job.runUid, project: 'lifecycle', kind: 'train' })
    await finish(agent, got)
  })

  it('are answered when a job arrives while they wait', async () => {
    const agent = await world.agent('patient', ['patient'])
    const waiting = claimJob(
      world.as(agent),
      { agent: agent.agentUid, queues: ['patient'], recipes: ['finishes'], wait_s: 5 },
      never,
    )
    const job = await world.job({ queue: 'patient' })
    const got = await waiting
    expect(got?.job.id).toBe(job.uid)
    if (got) await finish(agent, got)
  })

  it('begin an attempt with its hardware, and end both with the job', async () => {
    const job = await world.job({ queue: 'hardware' })
    const agent = await world.agent('hardware', ['hardware'])
    const got = await taken(agent)
    const held = () =>
      world.database
        .sql`select device_kind, device_name, count, measured, ended_at is not null as ended from allocations where run_id = ${job.runId}`
    expect([...(await held())]).toEqual([
      { device_kind: 'cpu', device_name: 'Test CPU', count: 2, measured: true, ended: false },
    ])
    await beat(agent, got)
    expect(await world.runRow(job.runId)).toMatchObject({ state: 'running' })
    await finish(agent, got)
    expect([...(await held())]).toMatchObject([{ ended: true }])
    expect(await world.runRow(job.runId)).toMatchObject({ state: 'finished' })
    const [attempt] = await world.database.sql`select * from attempts where run_id = ${job.runId}`
    expect(attempt).toMatchObject({ number: 1, end_reason: 'finished', exit_code: 0, first_step: 0, fence: 1 })
    const [writer] = await world.database.sql`select * from metric_run where run_id = ${job.runId}`
    expect(writer).toMatchObject({ fence: 1, attempt: 1, state: 1 })
  })
})

describe('leases', () => {
  it('that end send the job back with a higher fence, and make the old holder stale at once', async () => {
    const job = await world.job({ queue: 'lease' })
    const agent = await world.agent('sleeper', ['lease'])
    const got = await taken(agent)
    await world.expireLease(job.id)
    await sweepLeases(world.as({ kind: 'clock' }))
    expect(await world.jobRow(job.id)).toMatchObject({ state: 'queued', fence: 2, attempt: 1, agent_id: null })
    expect(await world.runRow(job.runId)).toMatchObject({ state: 'queued' })
    await expect(beat(agent, got)).rejects.toEqual(refused('stale_fence'))
    await expect(finish(agent, got)).rejects.toEqual(refused('stale_fence'))
    const [writer] = await world.database.sql`select * from metric_run where run_id = ${job.runId}`
    expect(writer).toMatchObject({ fence: 2, state: 0 })
    await dueNow()
    const again = await taken(await world.agent('second', ['lease']))
    expect(again).toMatchObject({ attempt: 2, fence: 3 })
    await expect(beat(agent, got)).rejects.toEqual(refused('stale_fence'))
    await expect(
      world.services.metrics.append({
        workspaceId: world.scope.workspaceId,
        projectId: world.scope.projectId,
        runId: job.runId,
        clientId: '00000000-0000-4000-8000-000000000001',
        seq: 1,
        attempt: got.attempt,
        fence: got.fence,
        body: Buffer.from('{"groups":[{"step":[0],"m":{"loss":[1]}}]}'),
      }),
    ).rejects.toEqual(refused('stale_fence'))
  })

  it('that are renewed in time are not swept', async () => {
    const job = await world.job({ queue: 'renewed' })
    const agent = await world.agent('awake', ['renewed'])
    const got = await taken(agent)
    await world.expireLease(job.id)
    const answer = await beat(agent, got)
    expect(answer).toMatchObject({ cancel: false, stop: false })
    expect(Date.parse(answer.lease_until)).toBeGreaterThan(Date.now() + 50_000)
    await sweepLeases(world.as({ kind: 'clock' }))
    expect(await world.jobRow(job.id)).toMatchObject({ state: 'running', fence: 1 })
    await finish(agent, got)
  })

  it('that ended while the server was away are swept only when holders have had time to renew them', async () => {
    const job = await world.job({ queue: 'absence' })
    await taken(await world.agent('absence', ['absence']))
    await world.expireLease(job.id)
    let now = 0
    const sweep = sweepAfterAbsence(30_000, 15_000, () => now)
    const stateAt = async (ms: number) => {
      now = ms
      await sweep(world.as({ kind: 'clock' }))
      return (await world.jobRow(job.id)).state
    }
    expect(await stateAt(0)).toBe('leased')
    expect(await stateAt(10_000)).toBe('leased')
    expect(await stateAt(16_000)).toBe('queued')
  })

  it('that end again and again fail the job once its attempts are used up', async () => {
    const job = await world.job({ queue: 'lost', maxAttempts: 2 })
    const agent = await world.agent('lost', ['lost'])
    for (let attempt = 1; attempt <= 2; attempt++) {
      await taken(agent)
      await world.expireLease(job.id)
      await sweepLeases(world.as({ kind: 'clock' }))
      await dueNow()
    }
    const row = await world.jobRow(job.id)
    expect(row).toMatchObject({ state: 'failed', attempt: 2 })
    expect(row.reason).toBe('Contact to its agent was lost. All 2 attempts are used up.')
    expect(await world.runRow(job.runId)).toMatchObject({ state: 'failed' })
  })

  it('that end after the program has reported its end do not have the work done again', async () => {
    const job = await world.job({ queue: 'done' })
    const agent = await world.agent('done', ['done'])
    const got = await taken(agent)
    const { sql } = world.database
    await sql`update attempts set ended_at = now(), end_reason = 'finished' where run_id = ${job.runId}`
    await sql`update runs set state = 'finished', ended_at = now() where id = ${job.runId}`
    await world.expireLease(job.id)
    await sweepLeases(world.as({ kind: 'clock' }))
    expect(await world.jobRow(job.id)).toMatchObject({ state: 'finished', attempt: got.attempt })
    expect(await world.runRow(job.runId)).toMatchObject({ state: 'finished' })
  })

  it('keep everybody else from the run: a key begins no attempt, ends none, and deletes nothing', async () => {
    const job = await world.job({ queue: 'mine' })
    const agent = await world.agent('mine', ['mine'])
    const ctx = world.ctx()
    await expect(startAttempt(ctx, { run: job.runUid })).rejects.toEqual(refused('stale_fence'))
    const got = await taken(agent)
    const end = { run: job.runUid, attempt: got.attempt, reason: 'finished' as const, streams: [] }
    await expect(finishRun(ctx, end)).rejects.toEqual(refused('stale_fence'))
    await expect(deleteRun(ctx, { run: job.runUid })).rejects.toEqual(refused('conflict'))
    await finish(agent, got)
    await deleteRun(ctx, { run: job.runUid })
  })

  it('are not given to an agent whose token was read a moment before it was revoked', async () => {
    const job = await world.job({ queue: 'late' })
    const agent = await world.agent('late', ['late'])
    await revokeAgent(world.ctx(), { workspace: world.workspace, agent: agent.agentUid })
    await expect(claim(agent)).rejects.toEqual(refused('unauthenticated'))
    expect(await world.jobRow(job.id)).toMatchObject({ state: 'queued', attempt: 0, fence: 0 })
  })
})

describe('ends', () => {
  it('by a kill are repeated after a pause; a release is claimable at once and does not count', async () => {
    const job = await world.job({ queue: 'retry' })
    const agent = await world.agent('retry', ['retry'])
    await finish(agent, await taken(agent), 'killed')
    expect(await world.jobRow(job.id)).toMatchObject({ state: 'queued', attempt: 1, max_attempts: 3 })
    expect(await claim(agent)).toBeNull()
    await dueNow()
    const second = await taken(agent)
    await releaseJob(world.as(agent), { job: job.uid, attempt: second.attempt, fence: second.fence })
    const third = await taken(agent)
    expect(third).toMatchObject({ attempt: 3 })
    expect(await world.jobRow(job.id)).toMatchObject({ max_attempts: 4 })
    await finish(agent, third)
  })

  it('are for the project of a key alone: a job elsewhere answers as one that never was', async () => {
    const job = await world.job({ queue: 'foreign' })
    const { workspaceId } = world.scope
    const bound = world.as({
      kind: 'apiKey',
      keyId: 1,
      scope: 'admin',
      workspaceId,
      workspaceSlug: world.workspace,
      projectId: world.scope.projectId + 1,
      createdBy: 1,
      creatorRole: 'owner',
      name: 'bound',
    })
    const answers = await Promise.all(
      [job.uid, randomUUID()].map((uid) =>
        cancelJob(bound, { job: uid }).then(
          () => 'canceled',
          (error: Error) => error.message,
        ),
      ),
    )
    expect(answers[0]).toMatch(/^This job does not exist/)
    expect(answers[1]).toBe(answers[0])
    expect(await world.jobRow(job.id)).toMatchObject({ state: 'queued' })
  })

  it('are taken once: a report that crosses the sweep is stale', async () => {
    const job = await world.job({ queue: 'once', maxAttempts: 1 })
    const agent = await world.agent('once', ['once'])
    const got = await taken(agent)
    await world.expireLease(job.id)
    const [reported] = await Promise.allSettled([finish(agent, got), sweepLeases(world.as({ kind: 'clock' }))])
    const row = await world.jobRow(job.id)
    expect(row.state).toBe(reported.status === 'fulfilled' ? 'finished' : 'failed')
    await expect(finish(agent, got)).rejects.toEqual(refused('stale_fence'))
    expect(await world.jobRow(job.id)).toEqual(row)
  })

  it('come on request though it came between two attempts', async () => {
    const job = await world.job({ queue: 'asked' })
    await stopRun(world.ctx(), { run: job.runUid })
    const agent = await world.agent('asked', ['asked'])
    const got = await taken(agent)
    await startAttempt(world.as(jobActor(world, job, got)), { run: job.runUid })
    expect(await beat(agent, got)).toMatchObject({ stop: true })
    await finish(agent, got, 'stopped')
  })

  it('of a canceled job come by its heartbeat; a waiting job is canceled at once, and a reader may not', async () => {
    const job = await world.job({ queue: 'cancel' })
    const other = await world.job({ queue: 'cancel' })
    const agent = await world.agent('cancel', ['cancel'])
    const got = await taken(agent)
    const asViewer = cancelJob(world.as(world.viewer), { workspace: world.workspace, job: job.uid })
    await expect(asViewer).rejects.toEqual(refused('forbidden'))
    expect(await cancelJob(world.ctx(), { workspace: world.workspace, job: job.uid })).toMatchObject({
      state: 'canceling',
    })
    expect(await beat(agent, got)).toMatchObject({ cancel: true })
    await finish(agent, got, 'stopped')
    expect(await world.jobRow(job.id)).toMatchObject({ state: 'canceled', reason: 'Canceled by Ada.' })
    expect(await world.runRow(job.runId)).toMatchObject({ state: 'stopped' })
    expect(await cancelJob(world.ctx(), { workspace: world.workspace, job: other.uid })).toMatchObject({
      state: 'canceled',
    })
  })

  it('of a training stage let its children start, and fill the edge with the checkpoint', async () => {
    const parent = await world.experiment('parent')
    const child = await world.experiment('child')
    const { sql } = world.database
    await sql`insert into edges (workspace_id, child_id, parent_id, kind, created_by) values (${world.scope.workspaceId}, ${child}, ${parent}, 'init', 'test')`
    const train = await world.job({ queue: 'family', experimentId: parent })
    const evaluate = await world.job({
      queue: 'family',
      experimentId: parent,
      kind: 'evaluate',
      inputs: [{ role: 'target', experimentId: parent }],
    })
    const next = await world.job({
      queue: 'family',
      experimentId: child,
      inputs: [{ role: 'parent', experimentId: parent }],
    })
    expect(await world.jobRow(next.id)).toMatchObject({ state: 'waiting' })
    const page = await readAgentsPage(world.ctx(), { workspace: world.workspace })
    expect(page.waiting.find((job) => job.id === next.uid)?.reason).toMatch(
      /^Needs the checkpoint of parent #\d+: it is queued.$/,
    )
    const agent = await world.agent('family', ['family'])
    const got = await taken(agent)
    expect(got.job.id).toBe(train.uid)
    const [checkpoint] = await sql<
      { id: number; uid: string }[]
    >`insert into checkpoints (uid, workspace_id, project_id, experiment_id, run_id, attempt, step)
      values (gen_random_uuid(), ${world.scope.workspaceId}, ${world.scope.projectId}, ${parent}, ${train.runId}, 1, 90) returning id, uid`
    await finish(agent, got)
    expect(await world.jobRow(evaluate.id)).toMatchObject({ state: 'queued' })
    const [edge] = await sql`select checkpoint_id from edges where child_id = ${child}`
    expect(edge?.checkpoint_id).toBe(checkpoint?.id)
    const first = await taken(agent)
    expect(first.job).toMatchObject({
      id: evaluate.uid,
      kind: 'evaluate',
      inputs: [{ role: 'target', checkpoint: checkpoint?.uid, step: 90 }],
    })
    await finish(agent, first)
    await finish(agent, await taken(agent))
  })

  it('for good cancel everything that descends from the stage, and name it', async () => {
    const [a, b, c] = [await world.experiment('a'), await world.experiment('b'), await world.experiment('c')]
    await world.job({ queue: 'doom', experimentId: a })
    const second = await world.job({ queue: 'doom', experimentId: b, inputs: [{ role: 'parent', experimentId: a }] })
    const third = await world.job({ queue: 'doom', experimentId: c, inputs: [{ role: 'parent', experimentId: b }] })
    const agent = await world.agent('doom', ['doom'])
    await finish(agent, await taken(agent), 'failed')
    for (const job of [second, third]) {
      const row = await world.jobRow(job.id)
      expect(row).toMatchObject({ state: 'canceled' })
      expect(row.reason).toMatch(/^a \(#\d+\) failed: Exit code 1: python finishes.py$/)
      expect(await world.runRow(job.runId)).toMatchObject({ state: 'stopped' })
    }
  })

  it('of an agent that is revoked: its job goes back, it is stale, and it may claim no more', async () => {
    const job = await world.job({ queue: 'revoked' })
    const agent = await world.agent('revoked', ['revoked'])
    const got = await taken(agent)
    await expect(
      revokeAgent(world.as(world.viewer), { workspace: world.workspace, agent: agent.agentUid }),
    ).rejects.toEqual(refused('forbidden'))
    await revokeAgent(world.ctx(), { workspace: world.workspace, agent: agent.agentUid })
    expect(await world.jobRow(job.id)).toMatchObject({ state: 'queued', fence: 2 })
    await expect(beat(agent, got)).rejects.toEqual(refused('stale_fence'))
  })
})
