import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Log } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { type OpenStore, openMetricStore, type StoreOptions } from '#src/services/metrics/open-store.ts'
import { SEAL_LIMITS } from '#src/services/metrics/seal/limits.ts'
import { SCHEDULE_LIMITS } from '#src/services/metrics/seal/seal-schedule.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { findFaults, readStored } from './stored-points.ts'
import { batchOf, float64s, makeWorld, type World } from './world.ts'

let database: TestDatabase
let world: World

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
})
afterAll(() => database.drop())

const LIMITS = { ...SEAL_LIMITS, blockPoints: 64, levelledMin: 8 }
const lines: string[] = []
const log: Log = {
  info: () => {},
  warn: () => {},
  error: (fields, sentence) => lines.push(`${sentence} ${JSON.stringify(fields)}`),
}

/** A store that seals from 200 points on. */
const open = (more: Partial<StoreOptions> = {}): Promise<OpenStore> =>
  openMetricStore({
    sql: database.sql,
    log,
    target: database.target,
    sealLimits: LIMITS,
    scheduleLimits: { ...SCHEDULE_LIMITS, points: 200, lateMs: 50, retryMs: 100 },
    ...more,
  })

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)
const batch = (runId: number, clientId: string, seq: number, steps: number[]) =>
  batchOf(world, runId, clientId, seq, { groups: [{ step: steps, m: { loss: steps, lr: steps.map((s) => s / 7) } }] })

const rowsOf = async (runId: number) =>
  (await database.sql<{ stream: number }[]>`select stream from metric_tail where run_id = ${runId} order by 1`).map(
    (row) => row.stream,
  )
const blocksOf = async (runId: number) =>
  (
    await database.sql<{ n: number }[]>`select coalesce(sum(n), 0)::int as n from metric_series where run_id = ${runId}`
  )[0]?.n

async function until(isSo: () => Promise<boolean>, ms = 15_000): Promise<void> {
  for (const deadline = Date.now() + ms; !(await isSo()); await pause(20))
    if (Date.now() > deadline) throw new Error('It did not come to that.')
}

async function stepsOf(store: OpenStore, run: Awaited<ReturnType<World['makeRun']>>): Promise<number[]> {
  const [series] = await store.chart({
    workspaceId: world.workspaceId,
    runs: [{ ...run, startedAtMs: null }],
    metrics: ['loss'],
    x: 'step',
    px: 1_000_000,
    superseded: false,
  })
  return [...float64s(series?.x ?? '')]
}

describe.each(['worker', 'inline'] as const)('the sealer "%s"', (sealer) => {
  test('seals what is large enough, what has ended, and what comes after that, while every read sees everything', async () => {
    const store = await open({ sealer })
    const run = await world.makeRun()
    const clientId = randomUUID()
    for (let seq = 1; seq <= 30; seq++) {
      await store.append(batch(run.id, clientId, seq, range((seq - 1) * 20, seq * 20)))
      expect(await stepsOf(store, run)).toEqual(range(0, seq * 20))
    }
    await until(async () => ((await blocksOf(run.id)) ?? 0) >= 200)
    expect(await stepsOf(store, run)).toEqual(range(0, 600))
    await store.append(batch(run.id, clientId, 31, [600]))
    await store.setWriter(run.id, { fence: 0, attempt: 1, state: 'finished' })
    await until(async () => (await rowsOf(run.id)).length === 0)
    expect(await blocksOf(run.id)).toBe(2 * 601)
    expect(await stepsOf(store, run)).toEqual(range(0, 601))
    await store.append(batch(run.id, clientId, 32, [601]))
    await until(async () => (await rowsOf(run.id)).length === 0)
    expect(await stepsOf(store, run)).toEqual(range(0, 602))
    expect(await store.append(batch(run.id, clientId, 5, range(80, 100)))).toMatchObject({ dup: true })
    expect(await findFaults(database.sql, run.id, LIMITS)).toEqual([])
    await store.close()
  })
})

test('a server that starts seals what it finds: what was large enough, and what had ended', async () => {
  const before = await open({ sealer: 'off' })
  const [large, small, ended] = await Promise.all([world.makeRun(), world.makeRun(), world.makeRun()])
  await before.append(batch(large.id, randomUUID(), 1, range(0, 128)))
  await before.append(batch(small.id, randomUUID(), 1, range(0, 20)))
  await before.append(batch(ended.id, randomUUID(), 1, range(0, 20)))
  await before.setWriter(ended.id, { fence: 0, attempt: 1, state: 'finished' })
  await before.close()
  const store = await open({ sealer: 'worker' })
  await until(async () => (await rowsOf(large.id)).length === 0 && (await rowsOf(ended.id)).length === 0)
  expect(await rowsOf(small.id)).toEqual([1])
  expect(await stepsOf(store, ended)).toEqual(range(0, 20))
  await store.close()
})

test('a run that cannot be sealed is tried again and told of, and holds up no other', async () => {
  const store = await open({ sealer: 'worker' })
  const [poisoned, healthy] = await Promise.all([world.makeRun(), world.makeRun()])
  await database.sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'poisoned'; end $$;
    create trigger refuse before insert on metric_series for each row when (new.run_id = ${poisoned.id}) execute function refuse()`)
  lines.length = 0
  await store.append(batch(poisoned.id, randomUUID(), 1, range(0, 128)))
  await store.append(batch(healthy.id, randomUUID(), 1, range(0, 128)))
  await until(async () => (await rowsOf(healthy.id)).length === 0)
  await until(async () => lines.length >= 2)
  expect(lines[0]).toContain('could not be sealed')
  expect(lines[0]).toContain(`"run_id":${poisoned.id}`)
  expect(await rowsOf(poisoned.id)).toEqual([1])
  await database.sql`drop trigger refuse on metric_series`
  await until(async () => (await rowsOf(poisoned.id)).length === 0)
  await store.close()
})

test('a connection of the thread that seals may die at any moment: nothing is lost, and it goes on', async () => {
  const store = await open({ sealer: 'worker' })
  const run = await world.makeRun()
  const clientId = randomUUID()
  let isGoing = true
  let kills = 0
  const killer = (async () => {
    for (; isGoing; await pause(2)) {
      const killed = await database.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'descent seal' and datname = current_database() and state <> 'idle'`
      kills += killed.count
    }
  })()
  let seq = 0
  while (seq < 100 || (kills < 3 && seq < 2000)) {
    await store.append(batch(run.id, clientId, ++seq, range((seq - 1) * 50, seq * 50)))
    if (seq % 20 === 0) expect(await stepsOf(store, run)).toEqual(range(0, seq * 50))
  }
  isGoing = false
  await killer
  await store.setWriter(run.id, { fence: 0, attempt: 1, state: 'finished' })
  await until(async () => (await rowsOf(run.id)).length === 0)
  expect(kills).toBeGreaterThan(2)
  expect(await findFaults(database.sql, run.id, LIMITS)).toEqual([])
  const stored = await readStored(database.sql, run.id)
  expect([...stored.values()].map((points) => points.size)).toEqual([seq * 50, seq * 50])
  expect(await stepsOf(store, run)).toEqual(range(0, seq * 50))
  await store.close()
}, 60_000)

test('when too many runs wait to be sealed, batches are refused with the time after which to come again; then they are taken', async () => {
  const limits = { ...SCHEDULE_LIMITS, points: 200, runsBehind: 2, lateMs: 50, retryMs: 100 }
  const store = await open({ sealer: 'worker', scheduleLimits: limits })
  const runs = await Promise.all(range(0, 4).map(() => world.makeRun()))
  // Another transaction holds the locks of their seals.
  const locks = await database.sql.reserve()
  await locks`begin`
  for (const run of runs) {
    await locks`insert into metric_seal (run_id) values (${run.id})`
    await locks`select pg_advisory_xact_lock(run_id) from metric_seal where run_id = ${run.id}`
  }
  for (const run of runs.slice(0, 3)) await store.append(batch(run.id, randomUUID(), 1, range(0, 128)))
  const last = batch(runs[3]?.id ?? 0, randomUUID(), 1, [1])
  const refusal = await store.append(last).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(Refusal)
  expect(refusal).toMatchObject({ code: 'overloaded', detail: { category: 'metrics', limit: 2 } })
  const seconds = Number((refusal as Refusal).detail.retry_after_s)
  expect(seconds >= 1 && seconds <= 5).toBe(true)
  await locks`rollback`
  locks.release()
  await until(async () => (await store.append(last).catch(() => null)) !== null)
  for (const run of runs.slice(0, 3)) expect(await stepsOf(store, run)).toEqual(range(0, 128))
  await store.close()
})
