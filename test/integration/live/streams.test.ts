import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allowHosts } from '#src/api/allowed-hosts.ts'
import { type NewsStreams, openNewsStreams, STREAM_LIMITS, type StreamLimits } from '#src/api/live/news-streams.ts'
import type { StreamDoor } from '#src/api/live/stream-door.ts'
import { createScreenLive } from '#src/api/screen/live.ts'
import { createLiveDoor } from '#src/api/v1/live-door.ts'
import { trackAnswers } from '#src/server/shutdown.ts'
import type { Actor } from '#src/services/actor.ts'
import { Refusal } from '#src/services/errors.ts'
import { putProject } from '#src/services/projects/put.ts'
import { deleteRun } from '#src/services/runs/delete.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { putRun } from '#src/services/runs/put.ts'
import { startAttempt } from '#src/services/runs/start-attempt.ts'
import { stopRun } from '#src/services/runs/stop.ts'
import { updateRun } from '#src/services/runs/update.ts'
import { type Lab, openLab } from '#test/factories/lab.ts'
import { fastestOf } from '#test/setup/fastest-of.ts'
import { openReader, type Reader } from './reader.ts'

/** The bounds of the product, but for those that a test would wait for too long. */
const QUICK: StreamLimits = {
  ...STREAM_LIMITS,
  recheckMs: 200,
  unprovenMs: 60_000,
  stallMs: 600,
  pingMs: 400,
  perActor: 5,
}

let lab: Lab
let server: Server
let streams: NewsStreams
let doors: StreamDoor[]
let answers: ReturnType<typeof trackAnswers>
let shut: Refusal | null = null
let isAway = false
/** What looks up a reader waits for it. */
let lookup: { begun: boolean; ends: Promise<void> } | null = null
const tokens = new Map<string, Actor>()
const sessions = new Map<string, Actor>()
const readers: Reader[] = []
const sockets: Socket[] = []

beforeAll(async () => {
  lab = await openLab()
  server = createServer((request, response) => {
    answers.add(response)
    if (!doors.some((door) => door(request, response))) response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
beforeEach(() => {
  serveWith(QUICK)
  tokens.clear()
  sessions.clear()
  tokens.set('reader', lab.key('read').actor)
})
afterEach(async () => {
  shut = null
  isAway = false
  lookup = null
  for (const reader of readers.splice(0)) reader.close()
  for (const socket of sockets.splice(0)) socket.destroy()
  await expect.poll(() => streams.size).toBe(0)
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await lab.close()
})

function serveWith(limits: StreamLimits): void {
  answers = trackAnswers()
  streams = openNewsStreams(lab.services, limits)
  const deps = {
    services: lab.services,
    closed: () => shut,
    hosts: allowHosts({ publicUrl: 'http://localhost:7070', port: portOf(server), more: [] }),
    identify: async (token: string | null) => {
      if (lookup) {
        lookup.begun = true
        await lookup.ends
      }
      if (isAway) throw new Refusal('unavailable', 'The database is away.')
      const actor = tokens.get(token ?? '')
      if (!actor) throw new Refusal('unauthenticated', 'Who?')
      return actor
    },
    getActor: async (headers: { get(name: string): string | null }): Promise<Actor> =>
      sessions.get(headers.get('cookie') ?? '') ?? { kind: 'anonymous' },
  }
  doors = [createLiveDoor(deps, streams), createScreenLive(deps, streams)]
}

const portOf = (of: Server) => (of.address() as AddressInfo).port

async function listen(
  query: string,
  headers: Record<string, string> = { authorization: 'Bearer reader' },
  door = 'v1',
) {
  const reader = await openReader(`http://127.0.0.1:${portOf(server)}/api/${door}/live?${query}`, headers)
  readers.push(reader)
  return reader
}

let projects = 0

/** A project with runs that have begun. */
async function project(runs: number) {
  const slug = `p${++projects}`
  const owner = lab.user('owner')
  await putProject(owner, { workspace: lab.workspace, project: slug })
  const made = []
  for (let i = 0; i < runs; i++) {
    const uid = randomUUID()
    const { run } = await putRun(owner, {
      workspace: lab.workspace,
      project: slug,
      run: uid,
      kind: 'train',
      config: {},
      environment: {},
      tags: [],
    })
    await startAttempt(owner, { run: uid })
    const rows = await lab.database.sql<{ id: number; project_id: number }[]>`
      select id, project_id from runs where uid = ${uid}`
    made.push({
      uid,
      number: run.number,
      id: rows[0]?.id ?? 0,
      projectId: rows[0]?.project_id ?? 0,
      stream: randomUUID(),
      seq: 0,
    })
  }
  // That they began is told before anybody listens.
  await lab.services.metrics.flush()
  return { slug, runs: made, owner }
}

type MadeRun = Awaited<ReturnType<typeof project>>['runs'][number]

const batchFor = (run: MadeRun, body: unknown) => ({
  workspaceId: lab.workspaceId,
  projectId: run.projectId,
  runId: run.id,
  clientId: run.stream,
  seq: ++run.seq,
  attempt: 1,
  fence: 0,
  body: Buffer.from(JSON.stringify(body)),
})
const write = (run: MadeRun, step: number) =>
  lab.services.metrics.append(
    batchFor(run, { groups: [{ step: [step - 1, step], m: { 'train/loss': [1, 2] } }] }) as never,
  )

const stepsOf = (reader: Reader, what = 'points') =>
  reader
    .news()
    .flatMap(({ runs }) => runs.filter((run) => run.what.includes(what as 'points')).map((run) => run.last_step))

describe('a stream', () => {
  test('tells within 500 ms that a run has new points, with the number of the run and its last step', async () => {
    const { slug, runs } = await project(2)
    const [first, second] = runs as [MadeRun, MadeRun]
    const reader = await listen(`project=${slug}&runs=${first.number}`)
    expect([reader.status, reader.headers['content-type'], reader.headers['cache-control']]).toEqual([
      200,
      'text/event-stream',
      'private, no-cache, no-transform',
    ])
    await write(second, 7)
    await write(first, 42)
    await expect.poll(() => stepsOf(reader)).toEqual([42])
    const isTold = async (turn: number) => {
      await write(first, 43 + turn)
      await expect.poll(() => stepsOf(reader).at(-1), { interval: 5 }).toBe(43 + turn)
    }
    expect(await fastestOf(500, isTold)).toBeLessThan(500)
    expect(reader.news()[0]?.runs).toEqual([
      { run: first.number, last_step: 42, at: expect.any(Number), what: expect.arrayContaining(['points']) },
    ])
    expect(reader.text()).toMatch(/^retry: \d+\n/)
  })

  test('of a whole project tells of runs that are younger than it, and of no other project', async () => {
    const { slug } = await project(0)
    const other = await project(1)
    const reader = await listen(`project=${slug}`)
    const { run } = await putRun(lab.user('owner'), {
      workspace: lab.workspace,
      project: slug,
      run: randomUUID(),
      kind: 'train',
      config: {},
      environment: {},
      tags: [],
    })
    await write(other.runs[0] as MadeRun, 3)
    await expect
      .poll(() => reader.news().flatMap((message) => message.runs.map((told) => told.run)))
      .toEqual([run.number])
    await pause(300)
    expect(reader.news().flatMap((message) => message.runs)).toEqual([
      { run: run.number, last_step: null, at: expect.any(Number), what: ['state'] },
    ])
  })

  test('tells at most four times a second, and the last word is always told', async () => {
    const { slug, runs } = await project(1)
    const run = runs[0] as MadeRun
    const reader = await listen(`project=${slug}&runs=${run.number}`)
    const began = Date.now()
    let step = 0
    while (Date.now() - began < 1_500 || step <= 50) await write(run, ++step)
    await expect.poll(() => stepsOf(reader).at(-1)).toBe(step)
    // One at once, then one per 250 ms; summaries that are written once a second come along or have their own.
    expect(reader.news().length).toBeLessThanOrEqual(2 + Math.ceil((Date.now() - began) / 250))
  })

  test('tells of console lines, of progress once it is written, and of every change of state', async () => {
    // Nobody is checked meanwhile: the stream of a run that is found deleted ends, and tells nothing more.
    serveWith({ ...QUICK, recheckMs: 60_000 })
    const { slug, runs, owner } = await project(1)
    const run = runs[0] as MadeRun
    const reader = await listen(`project=${slug}&runs=${run.number}`)
    const told = () => new Set(reader.news().flatMap((message) => message.runs.flatMap((entry) => entry.what)))
    /** News of a change of state that came after it; progress of the lines before may come at any moment. */
    const isToldAfter = async (change: () => Promise<unknown>) => {
      await pause(300)
      const before = reader.news().length
      await change()
      await expect
        .poll(() =>
          reader
            .news()
            .slice(before)
            .some(({ runs }) => runs.some(({ what }) => what.includes('state'))),
        )
        .toBe(true)
    }
    await lab.services.metrics.appendConsole(batchFor(run, { lines: [{ t: 1, fd: 1, text: 'a' }] }) as never)
    await expect.poll(() => [...told()]).toEqual(expect.arrayContaining(['console', 'progress']))
    const place = { workspace: lab.workspace, project: slug, run: run.number }
    await isToldAfter(() => stopRun(owner, place))
    await isToldAfter(() => updateRun(owner, { ...place, name: 'renamed' }))
    await isToldAfter(() => startAttempt(owner, { run: run.uid }))
    await isToldAfter(() => finishRun(owner, { run: run.uid, attempt: 2, reason: 'finished', streams: [] } as never))
    await isToldAfter(() => deleteRun(owner, { run: run.uid }))
  })

  test('is kept alive by comments while nothing happens', async () => {
    const { slug } = await project(0)
    const reader = await listen(`project=${slug}`)
    await expect.poll(() => reader.text()).toContain(': ping')
    expect(reader.events).toEqual([])
  })

  test('says when something may have been missed', async () => {
    const { slug } = await project(0)
    const reader = await listen(`project=${slug}`)
    lab.services.live.tellGap()
    await expect.poll(() => reader.events.map(({ name }) => name)).toEqual(['gap'])
  })

  test('of more runs than a message names says that there are more', async () => {
    serveWith({ ...QUICK, namedRunsMax: 2 })
    const { slug, runs } = await project(3)
    const reader = await listen(`project=${slug}`)
    for (const { id, projectId } of runs)
      lab.services.live.tell({ runId: id, projectId, lastStep: 1, atMs: 1, kind: 'points' })
    await expect.poll(() => reader.news()).toEqual([{ runs: [expect.anything(), expect.anything()], more: true }])
  })
})

describe('nothing is told to', () => {
  test('a reader who is looked up while the doors are being shut', async () => {
    const { slug } = await project(0)
    let go = () => {}
    const held = {
      begun: false,
      ends: new Promise<void>((resolve) => {
        go = resolve
      }),
    }
    lookup = held
    const asked = listen(`project=${slug}`)
    await expect.poll(() => held.begun).toBe(true)
    shut = new Refusal('draining', 'This server is going.')
    go()
    expect((await asked).status).toBe(503)
    expect(streams.size).toBe(0)
  })

  test.each<[string, string, number]>([
    ['nobody', 'none', 401],
    ['a key that may only write', 'ingest', 403],
    ['a key of another project', 'narrow', 404],
    ['a key of another workspace', 'foreign', 404],
  ])('%s', async (_, token, status) => {
    const { slug, runs } = await project(1)
    const other = await project(1)
    tokens.set('ingest', lab.key('ingest').actor)
    tokens.set('narrow', lab.key('read', other.runs[0]?.projectId).actor)
    tokens.set('foreign', {
      ...lab.key('admin').actor,
      workspaceId: lab.otherWorkspaceId,
      workspaceSlug: 'elsewhere',
    } as Actor)
    const reader = await listen(`project=${slug}&runs=${runs[0]?.number}`, { authorization: `Bearer ${token}` })
    expect([reader.status, reader.headers['content-type']]).toEqual([status, 'application/problem+json'])
  })

  test.each([
    ['a project that is not there', 'project=absent', 404],
    ['runs that are not there', 'project=PROJECT&runs=77', 404],
    ['what is no range', 'project=PROJECT&runs=3-1', 400],
    ['more than 500 runs', 'project=PROJECT&runs=1-501', 400],
    ['no project', 'runs=1', 400],
  ])('who asks for %s', async (_, query, status) => {
    const { slug } = await project(1)
    expect((await listen(query.replace('PROJECT', slug))).status).toBe(status)
  })

  test('a key once it is revoked; the stream ends and says why', async () => {
    const { slug, runs } = await project(1)
    const reader = await listen(`project=${slug}`)
    tokens.delete('reader')
    await reader.ended
    const { length } = reader.news()
    await write(runs[0] as MadeRun, 5)
    expect(reader.events.at(-1)).toMatchObject({ name: 'end', data: '{"code":"unauthenticated"}' })
    expect(reader.news()).toHaveLength(length)
  })

  test('a member once the session is over or the membership ended', async () => {
    const { slug } = await project(1)
    const member = lab.user('viewer').actor
    sessions.set('sid=1', member)
    sessions.set('sid=2', member)
    const own = { 'sec-fetch-site': 'same-origin' }
    const query = `workspace=${lab.workspace}&project=${slug}`
    const [first, second] = [
      await listen(query, { cookie: 'sid=1', ...own }, 'screen'),
      await listen(query, { cookie: 'sid=2', ...own }, 'screen'),
    ]
    expect([first.status, second.status]).toEqual([200, 200])
    sessions.delete('sid=1')
    sessions.set('sid=2', { ...(member as Extract<Actor, { kind: 'user' }>), memberships: [] })
    await Promise.all([first.ended, second.ended])
    expect([first, second].map((reader) => reader.events.at(-1)?.data)).toEqual([
      '{"code":"unauthenticated"}',
      '{"code":"not_found"}',
    ])
  })

  test('a reader whose right nobody could check for the longest time; a short absence of the database is outlived', async () => {
    serveWith({ ...QUICK, unprovenMs: 4_000 })
    const { slug, runs } = await project(1)
    const reader = await listen(`project=${slug}`)
    isAway = true
    await pause(700)
    isAway = false
    await write(runs[0] as MadeRun, 9)
    await expect.poll(() => stepsOf(reader)).toEqual([9])
    isAway = true
    await reader.ended
    expect(reader.events.at(-1)?.data).toBe('{"code":"unavailable"}')
  })
})

describe('a page', () => {
  test.each<[string, Record<string, string>, number]>([
    ['of this server', { 'sec-fetch-site': 'same-origin' }, 200],
    ['of this server over plain http', { referer: 'http://HOST/lab/p' }, 200],
    ['of another site', { 'sec-fetch-site': 'cross-site', referer: 'http://HOST/' }, 403],
    ['of another port of this machine', { 'sec-fetch-site': 'same-site' }, 403],
    ['of another origin', { origin: 'http://evil.example' }, 403],
    ['without an origin', { origin: 'null' }, 403],
    ['nobody knows which', {}, 403],
  ])('%s', async (_, headers, status) => {
    const { slug } = await project(0)
    sessions.set('sid=1', lab.user('viewer').actor)
    const named = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('HOST', `127.0.0.1:${portOf(server)}`)]),
    )
    const reader = await listen(`workspace=${lab.workspace}&project=${slug}`, { cookie: 'sid=1', ...named }, 'screen')
    expect(reader.status).toBe(status)
  })

  test('without a session is refused, and a key is no session', async () => {
    const { slug } = await project(0)
    const headers = { authorization: 'Bearer reader', 'sec-fetch-site': 'same-origin' }
    expect((await listen(`workspace=${lab.workspace}&project=${slug}`, headers, 'screen')).status).toBe(401)
  })
})

describe('readers', () => {
  test('of one actor are bounded, and one that left makes room', async () => {
    const { slug } = await project(0)
    const open = await Promise.all(Array.from({ length: QUICK.perActor }, () => listen(`project=${slug}`)))
    const refused = await listen(`project=${slug}`)
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '30'])
    open[0]?.close()
    await expect.poll(() => streams.size).toBe(QUICK.perActor - 1)
    expect((await listen(`project=${slug}`)).status).toBe(200)
  })

  test('that never read are cut off; what is held for one is bounded, and the others are served in the meantime', async () => {
    serveWith({ ...QUICK, everyMs: 5, perActor: 100, recheckMs: 60_000, unprovenMs: 120_000, stallMs: 1_000 })
    const { slug, runs } = await project(1)
    const run = runs[0] as MadeRun
    // Numbers of runs that are not there make messages large, so that the system's buffers are full soon.
    const numbers = [run, ...Array.from({ length: 499 }, (_, i) => ({ ...run, number: 1_000_000_000 + i, id: -i - 1 }))]
    for (const { number, id } of numbers.slice(1))
      await lab.database.sql`
        insert into runs (id, uid, workspace_id, project_id, experiment_id, number, name, state, created_by) overriding system value
        select ${id}, gen_random_uuid(), workspace_id, project_id, experiment_id, ${number}, 'r', 'running', 'test' from runs where id = ${run.id}`
    const deaf: Awaited<ReturnType<typeof deafReader>>[] = []
    for (let i = 0; i < 20; i++) deaf.push(await deafReader(`/api/v1/live?project=${slug}`))
    const reader = await listen(`project=${slug}&runs=${run.number}`)
    await expect.poll(() => streams.size).toBe(21)
    let held = 0
    let step = 0
    const lag: number[] = []
    for (const until = Date.now() + 25_000; Date.now() < until && streams.size > 1; await pause(20)) {
      for (const { id, projectId } of numbers)
        lab.services.live.tell({ runId: id, projectId, lastStep: ++step, atMs: Date.now(), kind: 'points' })
      held = Math.max(held, ...deaf.map(({ unsent }) => unsent()))
      const last = reader.news().at(-1)?.runs[0]
      if (last) lag.push(Date.now() - last.at)
    }
    expect(streams.size).toBe(1)
    await Promise.all(deaf.map(({ gone }) => gone))
    expect(held).toBeLessThanOrEqual(QUICK.unsentBytesMax)
    expect(lag.sort((a, b) => a - b)[Math.floor(lag.length * 0.95)]).toBeLessThan(500)
    await lab.database.sql`delete from runs where id < 0`
  })

  test('hear bye when the server ends, and no new one is taken', async () => {
    const { slug } = await project(0)
    const reader = await listen(`project=${slug}`)
    shut = new Refusal('draining', 'The server is shutting down.')
    expect((await listen(`project=${slug}`)).status).toBe(503)
    answers.bye()
    await reader.ended
    expect(reader.events.map(({ name }) => name)).toEqual(['bye'])
    expect(await answers.ended(1_000)).toBe(true)
  })
})

/** A reader that asks and then takes nothing; `unsent` is what the server holds for it. */
async function deafReader(path: string) {
  const socket = connect(portOf(server), '127.0.0.1')
  sockets.push(socket)
  socket.pause()
  socket.on('error', () => {})
  const theirs = new Promise<Socket>((resolve) => server.once('connection', (accepted: Socket) => resolve(accepted)))
  await new Promise((resolve) => socket.once('connect', resolve))
  const accepted = await theirs
  const gone = new Promise<void>((resolve) => accepted.once('close', () => resolve()))
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer reader\r\n\r\n`)
  return { gone, unsent: () => (accepted.destroyed ? 0 : accepted.writableLength) }
}
