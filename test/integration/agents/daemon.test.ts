import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mintRegistrationToken } from '#src/services/agents/registration-tokens.ts'
import { revokeAgent } from '#src/services/agents/revoke.ts'
import { cancelJob } from '#src/services/jobs/cancel.ts'
import { sweepLeases } from '#src/services/jobs/sweep-leases.ts'
import { type AgentOptions, runAgent } from '#workers/agent/main.ts'
import { isAlive } from '#workers/agent/processes.ts'
import { type RunningServer, runningServer } from './running-server.ts'
import { type AgentWorld, agentWorld } from './world.ts'

const TRAINERS = path.resolve('test/fixtures/trainers')
const ENDED = ['finished', 'failed', 'canceled']

let world: AgentWorld
let server: RunningServer
let folder: string
const running: { stop(): Promise<void> }[] = []

beforeAll(async () => {
  world = await agentWorld()
  server = runningServer(world.services, 17_251)
  await server.start()
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'descent-agents-'))
})
afterEach(async () => {
  for (const agent of running.splice(0)) await agent.stop()
})
afterAll(async () => {
  await server.stop()
  await world.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

/** Options of an agent of one queue, with a lease of two seconds. */
async function optionsFor(queue: string): Promise<Omit<AgentOptions, 'signal'>> {
  const { token } = await mintRegistrationToken(world.ctx(), { workspace: world.workspace, queues: [queue] })
  await world.database
    .sql`insert into queues (workspace_id, name, lease_s) values (${world.scope.workspaceId}, ${queue}, 2) on conflict (workspace_id, name) do update set lease_s = 2`
  return {
    serverUrl: server.url,
    dataDir: path.join(folder, queue),
    registrationToken: token,
    name: queue,
    slots: 2,
    recipesFile: path.join(TRAINERS, 'recipes.yaml'),
    python: process.execPath,
    timings: { graceMs: 3_000, stopNoticeMs: 200, heartbeatMs: 300, outputMs: 50, claimWaitS: 2, retryMs: [50, 300] },
  }
}

/** Takes the lease of a job from its agent; a sign of life between end and sweep renews it, then both are done again. */
const giveAway = (jobId: number) =>
  until('the sweep', async () => {
    await world.expireLease(jobId)
    await sweepLeases(world.as({ kind: 'clock' }))
    return Number((await world.jobRow(jobId)).fence) >= 2
  })

/** An agent inside this process. */
function startAgent(options: Omit<AgentOptions, 'signal'>) {
  const ask = new AbortController()
  const said: string[] = []
  const log = { info: (s: string) => void said.push(s), warn: (s: string) => void said.push(s) }
  const ended = runAgent({ log, ...options, signal: ask.signal })
  const settled = ended.then(
    () => null,
    (error: unknown) => error,
  )
  const agent = {
    said,
    ended: settled,
    stop: async () => {
      ask.abort()
      await settled
    },
  }
  running.push(agent)
  return agent
}

async function until<T>(what: string, look: () => Promise<T | null | undefined | false>, limitMs = 30_000): Promise<T> {
  for (const end = Date.now() + limitMs; Date.now() < end; await new Promise((r) => setTimeout(r, 50))) {
    const found = await look()
    if (found) return found
  }
  throw new Error(`${what} did not happen within ${limitMs} ms`)
}

const ended = (id: number, limitMs?: number) =>
  until(
    `the end of job ${id}`,
    async () => {
      const row = await world.jobRow(id)
      return ENDED.includes(String(row.state)) && row
    },
    limitMs,
  )
const lines = async (runId: number) =>
  (await world.services.metrics.console(runId, { limit: 100_000, tail: false })).lines.map((line) => line.text)
/** The pid that a program has printed. */
const pidOf = (runId: number) =>
  until('a process id in the output', async () => Number(/^process (\d+)$/m.exec((await lines(runId)).join('\n'))?.[1]))

describe('a machine', () => {
  it('becomes an agent by a token that works once; its key stays in a file that only it can read', async () => {
    const options = await optionsFor('once')
    const agent = startAgent(options)
    const file = path.join(options.dataDir, 'agent.json')
    await until('the registration', async () => fs.existsSync(file))
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
    expect(fs.statSync(options.dataDir).mode & 0o777).toBe(0o700)
    await agent.stop()
    const second = startAgent({ ...options, dataDir: `${options.dataDir}-again` })
    expect(String(await second.ended)).toContain('This registration token is not valid')
    const third = startAgent({ ...options, registrationToken: undefined })
    await until('the agent known from its file', async () => third.said.some((s) => s.startsWith('Agent once')))
  })

  it('that knows the id of an agent but not its key gets no token', async () => {
    const { agentUid } = await world.agent('robbed')
    const post = async (body: object) => {
      const answer = await fetch(`${server.url}/api/v1/agents/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ agent_id: agentUid, ...body }),
      })
      return { status: answer.status, body: (await answer.json()) as { challenge: string; token?: string } }
    }
    const { challenge } = (await post({})).body
    const thief = generateKeyPairSync('ed25519')
    const signature = sign(null, Buffer.from(challenge), thief.privateKey).toString('base64')
    expect(await post({ challenge, signature })).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    const raw = thief.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
    await world.database.sql`update agents set public_key = ${raw} where uid = ${agentUid}`
    expect(await post({ challenge: challenge.replace('.', '..'), signature })).toMatchObject({ status: 401 })
    const good = await post({ challenge, signature })
    expect(good.body.token).toMatch(/^dsc_agt-/)
    expect(await post({ challenge, signature })).toMatchObject({ status: 401 })
  })
})

describe('a job', () => {
  it('runs with a clean environment, in a private folder, and its output reaches the run', async () => {
    process.env.ALLOWED_IN_TEST = 'yes'
    process.env.BASH_ENV = '/tmp/evil'
    const options = await optionsFor('clean')
    startAgent(options)
    const job = await world.job({ queue: 'clean', recipe: 'shows-itself', params: { name: 'Ada', rest: '-x' } })
    const refused = await ended(job.id)
    expect(refused.reason).toBe(
      'This agent refuses the job: parameter rest of recipe shows-itself is "-x": it begins with "-".',
    )
    const good = await world.job({ queue: 'clean', recipe: 'shows-itself', params: { name: 'Ada; $(id)', steps: 7 } })
    expect(await ended(good.id)).toMatchObject({ state: 'finished', exit_code: 0 })
    const shown = JSON.parse((await lines(good.runId)).join(''))
    expect(shown.args).toEqual(['--name', 'Ada; $(id)', '--', 'plain'])
    expect(shown).toMatchObject({ cwd: TRAINERS, workMode: '700' })
    expect(shown.env).toMatchObject({
      ALLOWED_IN_TEST: 'yes',
      DESCENT_URL: server.url,
      DESCENT_PROJECT: 'lifecycle',
      DESCENT_RUN_ID: good.runUid,
      DESCENT_JOB_ID: good.uid,
      DESCENT_ATTEMPT: '1',
      DESCENT_FENCE: '1',
      DESCENT_CONFIG: '{"name":"Ada; $(id)","steps":7,"rest":"plain"}',
      CUDA_VISIBLE_DEVICES: '',
      HF_HUB_OFFLINE: '1',
    })
    expect(shown.env.DESCENT_API_KEY).toMatch(/^dsc_job-/)
    expect(shown.env.PATH).not.toBe(process.env.PATH)
    for (const name of ['BASH_ENV', 'LD_PRELOAD', 'DATABASE_URL', 'USER']) expect(shown.env).not.toHaveProperty(name)
    // The folder is what an agent that dies here tells the outcome from, so it goes after the server knows it.
    await until(
      'the private folder to be gone',
      async () => fs.readdirSync(path.join(options.dataDir, 'jobs')).length === 0,
    )
  })

  it.each([
    [{ name: 'a', surprise: 1 }, 'recipe shows-itself has no parameter "surprise"'],
    [{ name: 'a\nb' }, 'parameter name of recipe shows-itself is "a\\nb": it has a control character'],
    [{ name: 'a\u0000b' }, 'it has a control character'],
    [{ name: '--evil' }, 'it begins with "-"'],
    [{ name: 'a', steps: 11 }, 'it must be 10 at most'],
    [{ name: 'a', steps: '3' }, 'it must be a number'],
    [{}, 'recipe shows-itself needs the parameter name'],
  ])('with parameters %j is refused by the agent, not started', async (params, why) => {
    const { checkParams } = await import('#workers/agent/check-params.ts')
    const { readRecipes } = await import('#workers/agent/recipes.ts')
    const recipe = readRecipes(path.join(TRAINERS, 'recipes.yaml'), process.execPath).get('shows-itself')
    expect(recipe && checkParams(recipe, params)).toMatchObject({ ok: false, why: expect.stringContaining(why) })
  })

  it('that dies fails with exit code and command; one that floods keeps every line in order', async () => {
    startAgent(await optionsFor('ends'))
    const dies = await world.job({ queue: 'ends', recipe: 'dies-at-step-3' })
    const floods = await world.job({ queue: 'ends', recipe: 'floods-stdout' })
    const nan = await world.job({ queue: 'ends', recipe: 'nan-loss' })
    const row = await ended(dies.id)
    expect(row).toMatchObject({ state: 'failed', exit_code: 1 })
    expect(row.reason).toBe(`Exit code 1: ${process.execPath} dies-at-step-3.mjs`)
    expect((await lines(dies.runId)).join('\n')).toContain('cannot be multiplied')
    await ended(floods.id, 20_000)
    const flood = await lines(floods.runId)
    expect(flood).toHaveLength(50_000)
    expect(flood.every((line, i) => line.startsWith(`line ${i} `))).toBe(true)
    expect(await ended(nan.id)).toMatchObject({ state: 'failed' })
    expect(await lines(nan.runId)).toContain('metrics 200')
    expect([...(await world.services.metrics.points([nan.runId])).values()][0]).toBeGreaterThanOrEqual(3)
  })

  it('is ended with its whole group when it is canceled or times out, by force after the grace', async () => {
    startAgent(await optionsFor('stops'))
    const canceled = await world.job({ queue: 'stops', recipe: 'ignores-sigterm' })
    const late = await world.job({ queue: 'stops', recipe: 'forever', timeoutS: 5 })
    const pid = await pidOf(canceled.runId)
    await cancelJob(world.ctx(), { workspace: world.workspace, job: canceled.uid })
    expect(await ended(canceled.id)).toMatchObject({ state: 'canceled', reason: 'Canceled by Ada.' })
    expect(isAlive(pid)).toBe(false)
    const row = await ended(late.id)
    expect(row).toMatchObject({ state: 'failed', reason: expect.stringContaining('Timed out after 5 s') })
    expect(await lines(late.runId)).toContain('saved')
    const leaves = await world.job({ queue: 'stops', recipe: 'leaves-a-child' })
    await ended(leaves.id)
    const left = Number(/left (\d+)/.exec((await lines(leaves.runId)).join('\n'))?.[1])
    await until('the end of what the program left', async () => !isAlive(left))
  })

  it('whose lease was given away is killed, and its run takes nothing from it any more', async () => {
    startAgent(await optionsFor('stale'))
    const job = await world.job({ queue: 'stale', recipe: 'ignores-sigterm' })
    const pid = await pidOf(job.runId)
    await world.database.sql`update queues set paused_at = now() where name = 'stale'`
    await giveAway(job.id)
    await until('the end of the stale process', async () => !isAlive(pid))
    expect(await world.jobRow(job.id)).toMatchObject({ state: 'queued', fence: 2 })
  })

  it('whose lease was given away and that comes back to the same machine begins anew there at once', async () => {
    const options = await optionsFor('again')
    await world.database.sql`update queues set lease_s = 60 where name = 'again'`
    startAgent({ ...options, timings: { ...options.timings, heartbeatMs: 8_000 } })
    const job = await world.job({ queue: 'again', recipe: 'counts-slowly', params: { lines: 30 } })
    const pid = await pidOf(job.runId)
    await giveAway(job.id)
    await world.database.sql`update jobs set run_after = now() where id = ${job.id}`
    expect(await ended(job.id)).toMatchObject({ state: 'finished', attempt: 2 })
    expect(isAlive(pid)).toBe(false)
  })

  it('goes on while the server restarts, and nothing of its output is lost', async () => {
    startAgent(await optionsFor('restart'))
    const job = await world.job({ queue: 'restart', recipe: 'counts-slowly', params: { lines: 25 } })
    const pid = await pidOf(job.runId)
    await server.stop()
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(isAlive(pid)).toBe(true)
    await server.start()
    expect(await ended(job.id)).toMatchObject({ state: 'finished', attempt: 1 })
    const sampled = [...(await world.services.metrics.summaries(world.scope.workspaceId, [job.runId])).values()].flat()
    expect(sampled.map((metric) => metric.key)).toEqual(
      expect.arrayContaining(['system/restart/cpu.util', 'system/restart/mem.pct', 'system/restart/proc.mem_bytes']),
    )
    expect((await lines(job.runId)).slice(1)).toEqual(Array.from({ length: 25 }, (_, n) => `n ${n}`))
  })

  it('is given back when its agent is asked to end, and does not count as a try', async () => {
    const agent = startAgent(await optionsFor('drain'))
    const job = await world.job({ queue: 'drain', recipe: 'forever' })
    const pid = await pidOf(job.runId)
    await agent.stop()
    expect(isAlive(pid)).toBe(false)
    expect(await world.jobRow(job.id)).toMatchObject({
      state: 'queued',
      max_attempts: 4,
      reason: 'Its agent was drained.',
    })
    expect(await lines(job.runId)).toContain('saved')
  })

  it('runs to its end when its agent drains by the policy finish', async () => {
    const agent = startAgent({ ...(await optionsFor('polite')), drain: 'finish' })
    const job = await world.job({ queue: 'polite', recipe: 'counts-slowly', params: { lines: 8 } })
    await pidOf(job.runId)
    await agent.stop()
    expect(await world.jobRow(job.id)).toMatchObject({ state: 'finished', attempt: 1 })
  })

  it('ends when its agent is revoked, and the agent with it', async () => {
    const agent = startAgent(await optionsFor('revoke'))
    const job = await world.job({ queue: 'revoke', recipe: 'ignores-sigterm' })
    const pid = await pidOf(job.runId)
    const [row] = await world.database.sql<{ uid: string }[]>`select uid from agents where name = 'revoke'`
    await revokeAgent(world.ctx(), { workspace: world.workspace, agent: row?.uid ?? '' })
    expect(String(await agent.ended)).toContain('AgentRevoked')
    expect(isAlive(pid)).toBe(false)
    // The machine comes back as another agent when somebody gives it a new token.
    const again = startAgent(await optionsFor('revoke'))
    await until('the new agent', async () => {
      const [row] = await world.database.sql`select count(*)::int as n from agents where name = 'revoke'`
      return row?.n === 2
    })
    await again.stop()
  })

  it('survives a kill of its agent: the next start takes it up again', async () => {
    const options = await optionsFor('killed')
    const start = (): ChildProcess =>
      spawn(
        process.execPath,
        ['--import', 'tsx', 'test/integration/agents/agent-process.ts', JSON.stringify(options)],
        { stdio: 'ignore' },
      )
    const first = start()
    const job = await world.job({ queue: 'killed', recipe: 'counts-slowly', params: { lines: 35 } })
    await world.database.sql`update queues set lease_s = 20 where name = 'killed'`
    const pid = await pidOf(job.runId)
    first.kill('SIGKILL')
    await new Promise((resolve) => first.once('exit', resolve))
    expect(isAlive(pid)).toBe(true)
    const second = start()
    await until(
      'the repeat',
      async () => (await world.jobRow(job.id)).attempt === 1 && (await world.jobRow(job.id)).state === 'queued',
    )
    await world.database.sql`update jobs set run_after = now() where id = ${job.id}`
    const row = await ended(job.id, 20_000)
    second.kill('SIGTERM')
    const code = await new Promise((resolve) => second.once('exit', resolve))
    expect(code).toBe(0)
    // Nobody could learn the exit code, and this program does not report itself: the attempt is repeated.
    expect(row).toMatchObject({ attempt: 2, state: 'finished' })
    const all = await lines(job.runId)
    for (let n = 0; n < 35; n++) expect(all.filter((line) => line === `n ${n}`)).toHaveLength(2)
  }, 40_000)
})

describe('a job token', () => {
  it('writes to its own run and attempt alone, and takes no work', async () => {
    startAgent(await optionsFor('token'))
    const job = await world.job({ queue: 'token', recipe: 'shows-itself', params: { name: 'thief' } })
    const other = await world.job({ queue: 'elsewhere' })
    await ended(job.id)
    const used = JSON.parse((await lines(job.runId)).join('')).env.DESCENT_API_KEY
    expect(used).toMatch(/^dsc_job-/)
    const { claimJob } = await import('#src/services/jobs/claim.ts')
    const agent = await world.agent('direct', ['elsewhere'])
    const claim = await claimJob(
      world.as(agent),
      { agent: agent.agentUid, queues: ['elsewhere'], recipes: ['finishes'], wait_s: 0 },
      new AbortController().signal,
    )
    expect(claim?.job.id).toBe(other.uid)
    const post = (where: string, body: object, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/api/v1${where}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${claim?.job_token}`,
          'content-type': 'application/json',
          'x-stream': '00000000-0000-4000-8000-000000000002',
          'x-seq': '1',
          ...headers,
        },
        body: JSON.stringify(body),
      }).then((answer) => answer.status)
    const log = { lines: [{ t: 1, fd: 1, text: 'mine' }] }
    expect(await post(`/runs/${other.runUid}/logs`, log, { 'x-attempt': '1', 'x-fence': '1' })).toBe(200)
    expect(await post(`/runs/${other.runUid}/logs`, log, { 'x-attempt': '2', 'x-fence': '1', 'x-seq': '2' })).toBe(403)
    expect(await post(`/runs/${job.runUid}/logs`, log, { 'x-attempt': '1', 'x-fence': '1' })).toBe(404)
    expect([403, 404]).toContain(
      await post(`/agents/${agent.agentUid}/claim`, { queues: ['elsewhere'], recipes: ['finishes'] }),
    )
    expect(await post(`/jobs/${other.uid}/finish`, { attempt: 1, fence: 1, exit_code: 0, reason: 'finished' })).toBe(
      403,
    )
  })
})
