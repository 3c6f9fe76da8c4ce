import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SealLimits } from '#src/services/metrics/seal/limits.ts'
import { SEAL_LIMITS } from '#src/services/metrics/seal/limits.ts'
import { sealRun } from '#src/services/metrics/seal/seal-run.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { findFaults, readStored } from './stored-points.ts'
import { batchOf, makeWorld, openStore, type World, wireValue } from './world.ts'

let database: TestDatabase
let world: World

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
})
afterAll(() => database.drop())

/** Blocks of 64 points: 4,096 of them make three levels. */
const SMALL: SealLimits = { ...SEAL_LIMITS, blockPoints: 64, levelledMin: 8 }

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

/** A run whose batches are numbered by themselves, and which is sealed with small blocks. */
async function makeRun() {
  const run = await world.makeRun()
  const store = await openStore(database.sql)
  const clients = new Map<string, { id: string; seq: number }>()
  return {
    runId: run.id,
    store,
    async write(
      steps: number[],
      values: Record<string, number[]>,
      more: { t?: number[]; writer?: string; attempt?: number } = {},
    ) {
      const { writer = 'a', attempt = 1, t } = more
      const client = clients.get(writer) ?? { id: randomUUID(), seq: 0 }
      clients.set(writer, client)
      const m = Object.fromEntries(Object.entries(values).map(([key, all]) => [key, all.map(wireValue)]))
      const batch = batchOf(
        world,
        run.id,
        client.id,
        ++client.seq,
        { groups: [{ step: steps, ...(t && { t }), m }] },
        { attempt },
      )
      await store.append(batch)
      return batch
    },
    seal: (isForced = false, limits = SMALL) => sealRun(database.sql, run.id, { isForced, limits }),
    faults: (limits = SMALL) => findFaults(database.sql, run.id, limits),
    async points(attempt = 1) {
      const [one] = [...(await readStored(database.sql, run.id))].filter(([key]) => key.startsWith(`${attempt}:`))
      return new Map([...(one?.[1] ?? [])].map(([step, { value }]) => [step, value]))
    },
    rows: async () =>
      (
        await database.sql<{ stream: number }[]>`select stream from metric_tail where run_id = ${run.id} order by 1`
      ).map((row) => row.stream),
  }
}

describe('what a seal does with points', () => {
  test('full blocks are cut, the rest waits in one carry row, and a forced seal takes it too', async () => {
    const run = await makeRun()
    const steps = range(0, 645)
    await run.write(steps, { loss: steps.map((s) => 1 / (s + 1)), lr: steps.map((s) => s / 1e4) })
    const outcome = await run.seal()
    expect(outcome).toMatchObject({ version: 1, rewrites: 0, points: 1280, gone: [{ stream: 1, seq: 1 }] })
    expect(outcome?.carried).toMatchObject([{ stream: -1, seq: 1, attempt: 1, points: 10 }])
    expect(await run.rows()).toEqual([-1])
    expect(await run.faults()).toEqual([])
    expect(await run.points()).toEqual(new Map(steps.map((s) => [s, 1 / (s + 1)])))
    expect(await run.seal()).toBeNull()
    expect(await run.seal(true)).toMatchObject({ version: 2, rewrites: 0, points: 10, carried: [] })
    expect(await run.rows()).toEqual([])
    expect(await run.faults()).toEqual([])
    expect((await run.points()).size).toBe(645)
  })
})
