import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sql } from '#src/db/clients.ts'
import { HeadCache } from '#src/services/metrics/head-cache.ts'
import type { HeadRow } from '#src/services/metrics/head-row.ts'
import { sealRun } from '#src/services/metrics/seal/seal-run.ts'
import type { SealOutcome } from '#src/services/metrics/seal-outcome.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { batchOf, float64s, makeWorld, openStore, type World } from './world.ts'

let database: TestDatabase
let world: World

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
})
afterAll(() => database.drop())

type Run = Awaited<ReturnType<World['makeRun']>>
const oneStep = (step: number) => ({ groups: [{ step: [step], m: { loss: [step] } }] })

const chartOf = (runs: Run[]) => ({
  workspaceId: world.workspaceId,
  runs: runs.map((run) => ({ ...run, startedAtMs: null })),
  metrics: ['loss'],
  x: 'step' as const,
  px: 4000,
  superseded: false,
})

/** The database, with every read of tails, which has a transaction of its own, held up after it was answered. */
function slowTails(sql: Sql, ms: number): Sql {
  return new Proxy(sql, {
    get(target, property, receiver) {
      if (property !== 'begin') return Reflect.get(target, property, receiver)
      return async (...call: Parameters<Sql['begin']>) => {
        const answer = await target.begin(...call)
        if (String(call[0]).includes('read only')) await pause(ms)
        return answer
      }
    },
  })
}

/** As `slowTails`; each answer waits until it is let through. */
function heldTails(sql: Sql) {
  const held: { read: Promise<unknown>; letThrough: () => void }[] = []
  const begin = async (...call: Parameters<Sql['begin']>) => {
    const read = sql.begin(...call)
    if (String(call[0]).includes('read only')) await new Promise<void>((letThrough) => held.push({ read, letThrough }))
    return read
  }
  return {
    sql: new Proxy(sql, { get: (target, property) => (property === 'begin' ? begin : Reflect.get(target, property)) }),
    /** Resolves once the tables were read, to what lets the answer through. */
    async taken(): Promise<() => void> {
      while (held.length === 0) await pause(1)
      const next = held.shift()
      await next?.read
      return () => next?.letThrough()
    },
  }
}

test('a batch that commits while its run is being loaded is not lost', async () => {
  const run = await world.makeRun()
  const store = await openStore(slowTails(database.sql, 1_000))
  const clientId = randomUUID()
  await store.append(batchOf(world, run.id, clientId, 1, oneStep(1)))
  store.dropHeads()
  const loading = store.chart(chartOf([run]))
  await pause(20)
  await store.append(batchOf(world, run.id, clientId, 2, oneStep(2)))
  const afterAcknowledgement = store.chart(chartOf([run]))
  const [first] = await loading
  expect([...float64s(first?.x ?? '')]).toEqual([1, 2])
  const [second] = await afterAcknowledgement
  expect([...float64s(second?.x ?? '')]).toEqual([1, 2])
  await store.close()
})

test('an attempt that starts while its run is being loaded is seen by the next chart', async () => {
  const run = await world.makeRun()
  const store = await openStore(slowTails(database.sql, 60))
  await store.append(batchOf(world, run.id, randomUUID(), 1, { groups: [{ step: [1, 2, 3], m: { loss: [1, 2, 3] } }] }))
  store.dropHeads()
  const loading = store.chart(chartOf([run]))
  await pause(20)
  await store.startAttempt(run.id, 2, 2)
  const [after] = await store.chart(chartOf([run]))
  expect([...float64s(after?.x ?? '')]).toEqual([1])
  await loading
  await store.close()
})

test('writers and readers at once: every read after an acknowledgement has the batch, also with memory for almost nothing', async () => {
  const store = await openStore(database.sql, 20_000)
  const runs = await Promise.all([1, 2, 3, 4, 5, 6].map(() => world.makeRun()))
  let reads = 0
  await Promise.all(
    runs.map(async (run, r) => {
      const clientId = randomUUID()
      for (let seq = 1; seq <= 40; seq++) {
        await store.append(batchOf(world, run.id, clientId, seq, oneStep(seq)))
        if ((seq + r) % 3 !== 0) continue
        const [series] = await store.chart(chartOf([run]))
        expect([...float64s(series?.x ?? '')]).toEqual(Array.from({ length: seq }, (_, i) => i + 1))
        reads++
        if (seq % 7 === 0) store.dropHeads()
      }
    }),
  )
  expect(reads).toBeGreaterThan(70)
  const summaries = await store.summaries(
    world.workspaceId,
    runs.map((run) => run.id),
  )
  for (const run of runs) expect(summaries.get(run.id)).toMatchObject([{ n: 40, last_step: 40 }])
  await store.close()
})

test('memory holds the runs that were used last, within its limit', async () => {
  const store = await openStore(database.sql)
  const runs = await Promise.all([1, 2, 3].map(() => world.makeRun()))
  for (const run of runs) await store.append(batchOf(world, run.id, randomUUID(), 1, oneStep(1)))
  await store.close()
  const heads = new HeadCache(database.sql, 2_500)
  const ids = runs.map((run) => run.id)
  const opened = await heads.open(ids)
  expect([...opened.keys()].toSorted()).toEqual(ids.toSorted())
  expect(ids.map((id) => heads.peek(id) !== null)).toEqual([false, true, true])
  await heads.open([ids[1] as number])
  await heads.open([ids[0] as number])
  expect(ids.map((id) => heads.peek(id) !== null)).toEqual([true, true, false])
})

describe('a head and the seals of its run', () => {
  /** A run with batches 1 … n of one stream, and a cache that has its head. */
  async function withRun(n: number, sql = database.sql) {
    const run = await world.makeRun()
    const store = await openStore(database.sql)
    const clientId = randomUUID()
    const append = (seq: number) => store.append(batchOf(world, run.id, clientId, seq, oneStep(seq)))
    for (let seq = 1; seq <= n; seq++) await append(seq)
    const heads = new HeadCache(sql, 1e6)
    const shape = async () => {
      const head = (await heads.open([run.id])).get(run.id)
      return { version: head?.version, rows: head?.rows.map(({ stream, seq }) => `${stream}:${seq}`) }
    }
    const rowOf = async (seq: number): Promise<HeadRow> => {
      const [row] = await database.sql<{ data: Buffer }[]>`
        select data from metric_tail where run_id = ${run.id} and stream = 1 and seq = ${seq}`
      return { stream: 1, seq, attempt: 1, points: 1, receivedAtMs: 0, data: row?.data ?? Buffer.alloc(0) }
    }
    const seal = async (isForced = false) => (await sealRun(database.sql, run.id, { isForced })) as SealOutcome
    return { run, heads, append, shape, rowOf, seal }
  }

  test('sealed rows leave and carried ones come in one step, with the version', async () => {
    const { heads, append, shape, seal, rowOf, run } = await withRun(3)
    expect(await shape()).toEqual({ version: 0, rows: ['1:1', '1:2', '1:3'] })
    const outcome = await seal()
    await append(4)
    heads.add(run.id, await rowOf(4))
    heads.applySeal(outcome)
    expect(await shape()).toEqual({ version: 1, rows: ['-1:1', '1:4'] })
    heads.applySeal(outcome)
    expect(await shape()).toEqual({ version: 1, rows: ['-1:1', '1:4'] })
    heads.applySeal(await seal(true))
    expect(await shape()).toEqual({ version: 2, rows: [] })
    heads.clear()
    expect(await shape()).toEqual({ version: 2, rows: [] })
  })

  test('rows that a reader holds stay as they were', async () => {
    const { run, heads, seal } = await withRun(3)
    const held = (await heads.open([run.id])).get(run.id)?.rows
    heads.applySeal(await seal(true))
    expect(held).toHaveLength(3)
  })

  test('a batch whose commit is told after its seal is not taken', async () => {
    const { run, heads, shape, seal, rowOf } = await withRun(2)
    const late = await rowOf(2)
    await shape()
    heads.applySeal(await seal(true))
    heads.add(run.id, late)
    expect(await shape()).toEqual({ version: 1, rows: [] })
    expect(heads.holds(run.id, 1, 2)).toBe(true)
    heads.clear()
    await shape()
    heads.add(run.id, late)
    expect(await shape()).toEqual({ version: 1, rows: [] })
  })

  test('a seal that was not told makes the head be read again with the next one', async () => {
    const { heads, append, shape, seal } = await withRun(2)
    await shape()
    await seal()
    await append(3)
    heads.applySeal(await seal(true))
    expect(await shape()).toEqual({ version: 2, rows: [] })
  })

  test('a seal that is committed while the head is being read, before or after it was, is in it', async () => {
    const held = heldTails(database.sql)
    const { run, heads, append, shape, seal, rowOf } = await withRun(2, held.sql)
    const loading = shape()
    const letThrough = await held.taken()
    const outcome = await seal()
    heads.applySeal(outcome)
    await append(3)
    heads.add(run.id, await rowOf(3))
    letThrough()
    expect(await loading).toEqual({ version: 1, rows: ['-1:1', '1:3'] })
    const late = await rowOf(3)
    const next = await seal(true)
    heads.clear()
    const again = shape()
    const letAgainThrough = await held.taken()
    heads.applySeal(next)
    heads.add(run.id, late)
    letAgainThrough()
    expect(await again).toEqual({ version: 2, rows: [] })
  })
})

test('runs without a tail leave the memory as others do', async () => {
  const heads = new HeadCache(database.sql, 20_000)
  const runs = []
  for (let i = 0; i < 60; i++) runs.push((await world.makeRun()).id)
  for (const runId of runs) expect((await heads.open([runId])).get(runId)?.rows).toEqual([])
  const kept = runs.filter((runId) => heads.peek(runId) !== null)
  expect(kept.length).toBeGreaterThan(0)
  expect(kept).toEqual(runs.slice(-kept.length))
  expect(kept.length).toBeLessThan(60)
})

describe('a run that another process writes to faster than it can be read', () => {
  /** A run and a store that is told of foreign writes three times while it reads a head. */
  async function written(work: (store: Awaited<ReturnType<typeof openStore>>, run: Run) => Promise<void>) {
    const run = await world.makeRun()
    const there = await openStore(database.sql)
    await there.append(batchOf(world, run.id, randomUUID(), 1, oneStep(1)))
    const store = await openStore(slowTails(database.sql, 60))
    store.dropHeads()
    const telling = setInterval(() => store.noteForeignWrites([run.id]), 20)
    try {
      await work(store, run)
    } finally {
      clearInterval(telling)
      await store.close()
      await there.close()
    }
  }

  test('is drawn as of a moment after the question', () =>
    written(async (store, run) => {
      const [line] = await store.chart(chartOf([run]))
      expect([...float64s(line?.x ?? '')]).toEqual([1])
    }))

  test('has summaries that are told anew once it rests', () =>
    written(async (store, run) => {
      const clientId = randomUUID()
      await store.append(batchOf(world, run.id, clientId, 1, oneStep(2)))
      const sent = store.append(batchOf(world, run.id, clientId, 2, oneStep(3)))
      const told = await store.summaries(world.workspaceId, [run.id])
      expect(told.get(run.id)).toMatchObject([{ key: 'loss' }])
      await sent
      const first = (await store.summaries(world.workspaceId, [run.id])).get(run.id)
      expect(first).toMatchObject([{ n: 3, last_step: 3 }])
    }))
})
