import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HeadCache } from '#src/services/metrics/head-cache.ts'
import { KeyDictionary } from '#src/services/metrics/key-dictionary.ts'
import { LatestSummaries } from '#src/services/metrics/latest-summaries.ts'
import type { OpenStore } from '#src/services/metrics/open-store.ts'
import { StoredPoints } from '#src/services/metrics/read/stored-points.ts'
import { SummaryWriter } from '#src/services/metrics/summary-writer.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { batchOf, makeWorld, openStore, quiet, type World } from './world.ts'

let database: TestDatabase
let world: World
let stores: OpenStore[] = []

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
})
afterAll(async () => {
  for (const store of stores) await store.close()
  stores = []
  await database.drop()
})

type Run = Awaited<ReturnType<World['makeRun']>>

async function open(): Promise<OpenStore> {
  const store = await openStore(database.sql)
  stores.push(store)
  return store
}

const keysOf = async (store: OpenStore, run: Run) =>
  ((await store.summaries(world.workspaceId, [run.id])).get(run.id) ?? []).map((summary) => summary.key)

const rowOf = async (run: Run, key: string) => {
  const rows = await database.sql<{ n: number; step: number }[]>`
    select l.n, l.step from metric_latest l join metric_keys k on k.id = l.metric_id
    where l.run_id = ${run.id} and k.workspace_id = ${world.workspaceId} and k.name = ${key}`
  return rows[0] ?? null
}

const send = (store: OpenStore, run: Run, seq: number, step: number, m: Record<string, number[]>, clientId: string) =>
  store.append(batchOf(world, run.id, clientId, seq, { groups: [{ step: [step], m }] }))

test('a key that only another process writes is among the summaries of a run that both write to', async () => {
  const [here, there] = [await open(), await open()]
  const run = await world.makeRun()
  await send(here, run, 1, 1, { 'train/loss': [1] }, randomUUID())
  await send(there, run, 1, 1, { 'eval/acc': [0.5] }, randomUUID())
  here.noteForeignWrites([run.id])
  expect(await keysOf(here, run)).toEqual(['eval/acc', 'train/loss'])
  const named = await here.summaries(world.workspaceId, [run.id], ['eval/acc'])
  expect(named.get(run.id)).toMatchObject([{ key: 'eval/acc', n: 1, last_value: 0.5 }])
})

test('a run that is forgotten while a batch of it is under way is written all the same', async () => {
  const store = await open()
  const run = await world.makeRun()
  const clientId = randomUUID()
  await send(store, run, 1, 1, { loss: [1] }, clientId)
  await store.flush()
  const sent = send(store, run, 2, 2, { loss: [2] }, clientId)
  // Its stream is known, so the commit begins within a turn; forgotten before it ends.
  await new Promise((resolve) => setImmediate(resolve))
  store.forget([run.id])
  await sent
  await store.flush()
  expect(await rowOf(run, 'loss')).toEqual({ n: 2, step: 2 })
})

test('console lines of a run that is not in memory tell of its contact', async () => {
  const store = await open()
  const run = await world.makeRun()
  await store.appendConsole({
    ...batchOf(world, run.id, randomUUID(), 1, { lines: [{ t: 1, stream: 'stdout', text: 'hello' }] }),
  })
  await store.flush()
  expect(await database.sql`select last_contact_at is not null as told from runs where id = ${run.id}`).toEqual([
    { told: true },
  ])
})

test('of a run that comes back to memory a sparse key does not take the last step back', async () => {
  const store = await open()
  const run = await world.makeRun()
  const clientId = randomUUID()
  await send(store, run, 1, 500, { loss: [1] }, clientId)
  await store.flush()
  store.forget([run.id])
  await send(store, run, 2, 100, { 'eval/acc': [0.5] }, clientId)
  await store.flush()
  expect(await database.sql`select last_step from runs where id = ${run.id}`).toEqual([{ last_step: 500 }])
})

test('an attempt that began right before a kill hides points in the summaries of the next process', async () => {
  const [run, busy] = [await world.makeRun(), await world.makeRun()]
  const store = await open()
  const clientId = randomUUID()
  await send(store, run, 1, 10, { loss: [1], acc: [1] }, clientId)
  await send(store, run, 2, 90, { loss: [9], acc: [9] }, clientId)
  await store.flush()
  await send(store, busy, 1, 1, { loss: [1] }, randomUUID())
  await database.sql`update metric_tail set received_at = received_at - interval '1 hour' where run_id = ${run.id}`
  // What a process writes that is killed before its next flush.
  await database.sql`
    insert into attempts (workspace_id, run_id, number, first_step, started_at) values (${world.workspaceId}, ${run.id}, 2, 50, now())`
  await database.sql`insert into metric_attempt (run_id, attempt, first_step) values (${run.id}, 2, 50)`
  const next = await open()
  await next.flush()
  expect(await rowOf(run, 'loss')).toEqual({ n: 1, step: 10 })
  expect(await rowOf(run, 'acc')).toEqual({ n: 1, step: 10 })
})

test('a beginning attempt whose notice fails half way leaves no old view in memory', async () => {
  const run = await world.makeRun()
  let isAway = false
  const sql = new Proxy(database.sql, {
    get(target, property) {
      if (property !== 'unsafe') return Reflect.get(target, property)
      return (...call: Parameters<typeof target.unsafe>) => {
        const work = target.unsafe(...call)
        return isAway && call[0].includes('metric_attempt as a')
          ? work.then(() => Promise.reject(new Error('away')))
          : work
      }
    },
  })
  const store = await openStore(sql)
  stores.push(store)
  const clientId = randomUUID()
  await send(store, run, 1, 10, { loss: [1] }, clientId)
  await send(store, run, 2, 90, { loss: [9] }, clientId)
  expect((await store.summaries(world.workspaceId, [run.id])).get(run.id)).toMatchObject([{ n: 2 }])
  isAway = true
  await expect(store.startAttempt(run.id, 2, 50)).rejects.toThrow('away')
  isAway = false
  expect((await store.summaries(world.workspaceId, [run.id])).get(run.id)).toMatchObject([{ n: 1, last_step: 10 }])
})

test('a run whose points cannot be read keeps no other from being written, nor the store from ending', async () => {
  const store = await openStore(database.sql)
  const [broken, sound] = [await world.makeRun(), await world.makeRun()]
  const clientId = randomUUID()
  const steps = Array.from({ length: 2_000 }, (_, i) => i)
  await store.append(batchOf(world, broken.id, clientId, 1, { groups: [{ step: steps, m: { loss: steps } }] }))
  await store.seal(broken.id, true)
  await database.sql`update metric_block set data = 'broken'::bytea where run_id = ${broken.id}`
  await store.startAttempt(broken.id, 2, 700)
  await send(store, sound, 1, 7, { loss: [1] }, randomUUID())
  await store.flush()
  expect(await rowOf(sound, 'loss')).toEqual({ n: 1, step: 7 })
  await store.close()
})

test('batches that bring very many keys at once bring no more than a run may have', async () => {
  const store = await open()
  const run = await world.makeRun()
  const keys = (from: string) => Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`${from}/${i}`, [i]]))
  const results = await Promise.allSettled([
    send(store, run, 1, 1, keys('a'), randomUUID()),
    send(store, run, 1, 1, keys('b'), randomUUID()),
  ])
  expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'cardinality_limit' })
})

describe('a run of very many keys that never rests', () => {
  test('holds up neither the summaries nor the progress of others', async () => {
    const store = await open()
    const [wide, narrow] = [await world.makeRun(), await world.makeRun()]
    const [w, n] = [randomUUID(), randomUUID()]
    const m = Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`wide/${i}`, [i]]))
    await send(store, wide, 1, 1, m, w)
    await send(store, narrow, 1, 41, { loss: [1] }, n)
    await store.flush()
    const [progress] = await database.sql<{ last_step: number | null; told: boolean }[]>`
      select last_step, last_contact_at is not null as told from runs where id = ${narrow.id}`
    expect(progress?.told).toBe(true)
    for (let seq = 2; seq <= 3; seq++) {
      await send(store, wide, seq, seq, m, w)
      await store.flush()
    }
    expect(await rowOf(narrow, 'loss')).toEqual({ n: 1, step: 41 })
  })
})

describe('the memory that summaries take', () => {
  const limits = { summaries: 10, keepMs: 60_000, keepOverMs: -1 }

  async function opened(runs: number, more: Partial<typeof limits> = {}) {
    const { sql } = database
    const heads = new HeadCache(sql, 1_000_000)
    const latest = new LatestSummaries(sql, heads, new StoredPoints(sql, heads), new KeyDictionary(sql), {
      ...limits,
      ...more,
    })
    const writer = new SummaryWriter(sql, latest, quiet)
    const store = await open()
    const made: Run[] = []
    for (let i = 0; i < runs; i++) {
      const run = await world.makeRun()
      made.push(run)
      const m = Object.fromEntries(Array.from({ length: 4 }, (_, k) => [`k${k}`, [i]]))
      await send(store, run, 1, 1, m, randomUUID())
      const { runId } = await latest.open(run.id, world.workspaceId, world.projectId)
      latest.invalidate(runId)
    }
    return { latest, writer, runs: made }
  }

  test('is bounded: runs that are written leave, the longest silent first, and what is not written stays', async () => {
    const { latest, writer, runs } = await opened(5)
    expect(latest.size).toEqual({ runs: 5, summaries: 20 })
    await writer.flush()
    expect(latest.size).toEqual({ runs: 2, summaries: 8 })
    expect(runs.map((run) => latest.peek(run.id) !== null)).toEqual([false, false, false, true, true])
    for (const run of runs) expect(await rowOf(run, 'k3')).toEqual({ n: 1, step: 1 })
  })

  test('is told anew at once of a run that is asked for, also while others rest', async () => {
    const { latest, writer, runs } = await opened(2, { keepOverMs: 60_000 })
    let told = 0
    // As on a server that has told its share of stored points for now.
    Object.defineProperty(latest, 'toldMs', {
      get: () => {
        told += 1_000
        return told
      },
    })
    const behind = () => runs.map((run) => latest.peek(run.id)?.dirty.size)
    await writer.flush()
    expect(behind()).toEqual([4, 4])
    await writer.flush((runs[1] as Run).id)
    expect(behind()).toEqual([4, 0])
    expect(await rowOf(runs[1] as Run, 'k3')).toEqual({ n: 1, step: 1 })
  })

  test('is given back soon by runs that have ended', async () => {
    const { latest, writer, runs } = await opened(2)
    latest.setOver((runs[0] as Run).id, true)
    await writer.flush()
    expect(runs.map((run) => latest.peek(run.id) !== null)).toEqual([false, true])
  })

  test('is kept by runs that were heard of a moment ago', async () => {
    const { latest, writer } = await opened(5, { keepOverMs: 60_000 })
    await writer.flush()
    expect(latest.size.runs).toBe(5)
  })
})
