import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sql } from '#src/db/clients.ts'
import { HeadCache } from '#src/services/metrics/head-cache.ts'
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

test('a batch that commits while its run is being loaded is not lost', async () => {
  const run = await world.makeRun()
  const store = await openStore(slowTails(database.sql, 60))
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
  const heads = new HeadCache(database.sql, 450)
  const ids = runs.map((run) => run.id)
  const opened = await heads.open(ids)
  expect([...opened.keys()].toSorted()).toEqual(ids.toSorted())
  expect(ids.map((id) => heads.peek(id) !== null)).toEqual([false, true, true])
  await heads.open([ids[1] as number])
  await heads.open([ids[0] as number])
  expect(ids.map((id) => heads.peek(id) !== null)).toEqual([true, true, false])
})
