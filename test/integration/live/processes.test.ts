import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openNewsStreams } from '#src/api/live/news-streams.ts'
import { createLiveDoor } from '#src/api/v1/live-door.ts'
import type { Sql } from '#src/db/clients.ts'
import { openClients } from '#src/db/clients.ts'
import type { BlobStore } from '#src/services/artifacts/blob-store.ts'
import type { Services } from '#src/services/context.ts'
import { openLiveHub } from '#src/services/live/live-hub.ts'
import { notifyProcesses, type Processes } from '#src/services/live/notify-processes.ts'
import type { LiveHub, RunNews } from '#src/services/live/run-news.ts'
import { type OpenStore, openMetricStore } from '#src/services/metrics/open-store.ts'
import { batchOf, makeWorld, quiet, type World } from '#test/integration/metrics/world.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { fastestOf } from '#test/setup/fastest-of.ts'
import { openReader, type Reader } from './reader.ts'

/** What a server process has of the metrics store, with clients of its own. */
interface Place {
  sql: Sql
  hub: LiveHub
  store: OpenStore
  processes: Processes
  /** What `onForeign` was called with. */
  foreign: (readonly number[] | 'all')[]
  news: RunNews[]
  gaps: number
  end(): Promise<void>
}

let database: TestDatabase
let world: World
let a: Place
let b: Place
const places: Place[] = []
const readers: Reader[] = []
const servers: Server[] = []

async function openPlace(signMs?: number): Promise<Place> {
  const clients = openClients(database.target, { max: 2, name: 'descent test' })
  const hub = openLiveHub(quiet)
  const store = await openMetricStore({ sql: clients.sql, log: quiet, live: hub })
  const foreign: Place['foreign'] = []
  const place: Place = {
    sql: clients.sql,
    hub,
    store,
    foreign,
    news: [],
    gaps: 0,
    processes: notifyProcesses({
      target: database.target,
      sql: clients.sql,
      hub,
      log: quiet,
      onForeign: (runIds) => {
        foreign.push(runIds)
        store.noteForeignWrites(runIds)
      },
      ...(signMs !== undefined && { signMs }),
    }),
    end: async () => {
      await store.close()
      await place.processes.close()
      await clients.end()
    },
  }
  hub.subscribe(
    () => true,
    (news) => place.news.push(news),
    () => place.gaps++,
  )
  places.push(place)
  await until(() => place.processes.isHearing())
  return place
}

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
  // A place that was held up for twice this takes itself for deaf.
  a = await openPlace(2_000)
  b = await openPlace(2_000)
  // The beginning of each was heard by the other.
  await until(() => a.foreign.length >= 2)
})
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close()
})
afterAll(async () => {
  for (const server of servers) server.close()
  for (const place of places) await place.end()
  await database.drop()
})

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !isSo(); await pause(10))
    if (Date.now() > end) throw new Error('It never came.')
}

const points = (step: number, key = 'loss') => ({ groups: [{ step: [step], t: [step], m: { [key]: [step] } }] })

const last = async ({ store }: Place, runId: number, key = 'loss') => {
  const summaries = await store.summaries(world.workspaceId, [runId], [key])
  return summaries.get(runId)?.[0]?.last_step ?? null
}

/** The steps of a run, each with its own number as the value, that this place knows of. */
async function line({ store }: Place, run: { id: number }): Promise<number[]> {
  const steps = Array.from({ length: 20 }, (_, i) => i + 1)
  const values = await store.valuesAt(run.id, steps)
  return steps.filter((step, i) => [...(values[i]?.values() ?? [])].includes(step))
}

describe('two server processes on one database', () => {
  test('show each other’s points within 300 ms, in charts and at once in every store that had the run in memory', async () => {
    const run = await world.makeRun()
    const stream = randomUUID()
    await a.store.append(batchOf(world, run.id, stream, 1, points(1)))
    expect(await line(b, run)).toEqual([1])
    const before = b.news.length
    await a.store.append(batchOf(world, run.id, stream, 2, points(2)))
    await expect.poll(() => line(b, run), { interval: 10 }).toEqual([1, 2])
    const isThere = async (turn: number) => {
      await a.store.append(batchOf(world, run.id, stream, 3 + turn, points(3 + turn)))
      await expect.poll(() => line(b, run), { interval: 10 }).toHaveLength(3 + turn)
    }
    expect(await fastestOf(300, isThere)).toBeLessThan(300)
    // The notice of the first point may have brought the second one along before that is told.
    const news = { runId: run.id, projectId: world.projectId, lastStep: 2, kind: 'points' }
    await expect.poll(() => b.news.slice(before)).toContainEqual(expect.objectContaining(news))
  })

  test('find keys that the other one has numbered', async () => {
    const run = await world.makeRun()
    expect(await last(b, run.id, 'later')).toBeNull()
    await a.store.append(batchOf(world, run.id, randomUUID(), 1, points(7, 'later')))
    await expect.poll(() => last(b, run.id, 'later')).toBe(7)
  })

  test('give the summaries of the other’s runs as soon as they are written, and say when that is', async () => {
    const run = await world.makeRun()
    await a.store.append(batchOf(world, run.id, randomUUID(), 1, points(5)))
    await expect.poll(() => b.news.some((news) => news.runId === run.id && news.kind === 'progress')).toBe(true)
    expect(await last(b, run.id)).toBe(5)
  })

  test('write to one run in turn, and both tell the same in the end', async () => {
    const run = await world.makeRun()
    const streams = [randomUUID(), randomUUID()] as const
    for (let step = 1; step <= 20; step++) {
      const [place, stream] = step % 2 === 0 ? [a, streams[0]] : [b, streams[1]]
      await place.store.append(batchOf(world, run.id, stream, Math.ceil(step / 2), points(step)))
      if (step % 5 === 0) await pause(130)
    }
    const all = Array.from({ length: 20 }, (_, i) => i + 1)
    for (const place of [a, b]) {
      await expect.poll(() => line(place, run)).toEqual(all)
      await expect.poll(() => last(place, run.id)).toBe(20)
    }
    await expect
      .poll(async () => {
        for (const place of [a, b]) await place.store.flush(run.id)
        return await database.sql`select n, step as last_step from metric_latest where run_id = ${run.id}`
      })
      .toEqual([{ n: 20, last_step: 20 }])
  })

  test('do not hear themselves, and send nothing on that they heard', async () => {
    const run = await world.makeRun()
    const before = { a: a.foreign.length, b: b.foreign.length }
    a.hub.tell({ runId: run.id, projectId: world.projectId, lastStep: 1, atMs: 1, kind: 'points' })
    const heard = (place: Place, from: number) =>
      place.foreign
        .slice(from)
        .flat()
        .filter((of) => of === run.id)
    await expect.poll(() => heard(b, before.b)).toHaveLength(1)
    await pause(250)
    expect(heard(b, before.b)).toHaveLength(1)
    expect(heard(a, before.a)).toEqual([])
    expect(a.news.filter(({ runId }) => runId === run.id)).toHaveLength(1)
  })

  test('tell of 5,000 runs in one turn, once each, however often they were written', async () => {
    const before = b.news.length
    for (let round = 1; round <= 3; round++)
      for (let runId = 1_000_001; runId <= 1_005_000; runId++)
        a.hub.tell({ runId, projectId: -1, lastStep: round, atMs: round, kind: 'points' })
    const heard = () => b.news.slice(before).filter(({ projectId }) => projectId === -1)
    await expect.poll(() => heard().length).toBe(5_000)
    await pause(250)
    expect(heard().every(({ lastStep, atMs }) => lastStep === 3 && atMs === 3)).toBe(true)
    expect(heard()).toHaveLength(5_000)
  })

  test('serve streams with what the other one took', async () => {
    const run = await world.makeRun()
    const reader = await listenAt(b, run.number)
    const stream = randomUUID()
    const isTold = async (turn: number) => {
      await a.store.append(batchOf(world, run.id, stream, 1 + turn, points(33 + turn)))
      await expect
        .poll(() => reader.news().flatMap(({ runs }) => runs.map((told) => [told.run, told.last_step])), {
          interval: 10,
        })
        .toContainEqual([run.number, 33 + turn])
    }
    expect(await fastestOf(600, isTold)).toBeLessThan(600)
  })
})

describe('a process whose connection is lost', () => {
  const listeners = () => database.sql<{ pid: number }[]>`
    select pid from pg_stat_activity where datname = ${database.name} and application_name = 'descent live'`

  test('takes everything for changed, tells its streams of a gap, and hears again', async () => {
    const run = await world.makeRun()
    const stream = randomUUID()
    await a.store.append(batchOf(world, run.id, stream, 1, points(1)))
    await expect.poll(() => line(b, run)).toEqual([1])
    const reader = await listenAt(b, run.number)
    const before = { gaps: b.gaps, foreign: b.foreign.length }
    await expect.poll(async () => (await listeners()).length).toBe(2)
    const all = await listeners()
    for (const { pid } of all) await database.sql`select pg_terminate_backend(${pid}::int)`
    // While nobody listens.
    await a.store.append(batchOf(world, run.id, stream, 2, points(2)))
    await expect.poll(() => b.gaps).toBeGreaterThan(before.gaps)
    expect(b.foreign.slice(before.foreign)).toContain('all')
    await expect.poll(() => line(b, run)).toEqual([1, 2])
    await expect.poll(() => reader.events.map(({ name }) => name)).toContain('gap')
    await a.store.append(batchOf(world, run.id, stream, 3, points(3)))
    await expect.poll(() => line(b, run)).toEqual([1, 2, 3])
  })
})

test('a process that ends tells its last news, and one that begins makes the others look anew', async () => {
  const run = await world.makeRun()
  // Not a or b: they take themselves for deaf after 400 ms, which a busy machine may need, and then get a gap instead of the news.
  const staying = await openPlace()
  const leaving = await openPlace()
  await expect.poll(() => staying.foreign.at(-1)).toBe('all')
  leaving.hub.tell({ runId: run.id, projectId: world.projectId, lastStep: 9, atMs: 9, kind: 'points' })
  await leaving.end()
  places.splice(places.indexOf(leaving), 1)
  await expect
    .poll(() => staying.news.some(({ runId, lastStep }) => runId === run.id && lastStep === 9), { timeout: 5_000 })
    .toBe(true)
})

/** A stream on a run at a place. */
async function listenAt(place: Place, run: number): Promise<Reader> {
  const services: Services = {
    db: database.db,
    sql: place.sql,
    metrics: place.store,
    live: place.hub,
    blobs: {} as BlobStore,
    settings: { publicUrl: 'http://localhost', dataDir: '/nowhere' },
    log: quiet,
    now: () => new Date(),
  }
  const door = createLiveDoor(
    {
      services,
      closed: () => null,
      identify: async () => ({
        kind: 'apiKey',
        keyId: 1,
        scope: 'read',
        workspaceId: world.workspaceId,
        workspaceSlug: world.slug,
        projectId: null,
        createdBy: 1,
        creatorRole: 'owner',
        name: 'read',
      }),
    },
    openNewsStreams(services),
  )
  const server = createServer((request, response) => void door(request, response))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const reader = await openReader(`http://127.0.0.1:${port}/api/v1/live?project=p&runs=${run}`, {
    authorization: 'Bearer x',
  })
  readers.push(reader)
  expect(reader.status).toBe(200)
  return reader
}
