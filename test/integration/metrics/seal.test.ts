import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeBinaryBatch } from '#src/core/metrics/binary-batch.ts'
import { packBatch } from '#src/core/metrics/packed-batch.ts'
import { openMetricStore } from '#src/services/metrics/open-store.ts'
import { SEAL_LIMITS, type SealLimits } from '#src/services/metrics/seal/limits.ts'
import { sealRun } from '#src/services/metrics/seal/seal-run.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { dyingClient } from './dying-client.ts'
import { findFaults, readStored } from './stored-points.ts'
import { batchOf, makeWorld, quiet, type World } from './world.ts'

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
  const store = await openMetricStore({ sql: database.sql, log: quiet, sealLimits: SMALL })
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
      const keys = Object.entries(values).map(([key, all]) => ({ key, values: Float64Array.from(all) }))
      const body = writeBinaryBatch([{ steps: Float64Array.from(steps), times: t ? Float64Array.from(t) : null, keys }])
      const batch = batchOf(world, run.id, client.id, ++client.seq, null, { attempt, body, format: 'binary' })
      await store.append({ ...batch, body: Buffer.from(body) })
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

  test.each([
    ['constants', () => 7.25],
    ['decimals', (s: number) => Math.round(s * 12.34) / 1e4],
    ['integers', (s: number) => s * 3],
    ['32-bit floats', (s: number) => Math.fround(Math.sin(s))],
    ['doubles', (s: number) => Math.sin(s)],
    ['values that are not finite', (s: number) => [Number.NaN, Infinity, -Infinity, s][s % 4] as number],
    ['nothing but NaN', () => Number.NaN],
    ['zeros of both signs', (s: number) => (s % 2 ? -0 : 0)],
  ])('%s come back bit for bit', async (_, valueAt) => {
    const run = await makeRun()
    const steps = range(0, 300).map((s) => s * 3)
    await run.write(steps, { loss: steps.map(valueAt) })
    await run.seal(true)
    expect(await run.faults()).toEqual([])
    expect(await run.points()).toEqual(new Map(steps.map((s) => [s, valueAt(s)])))
  })

  test('carried points are the first of what comes after them, and the row that holds them grows no second one', async () => {
    const run = await makeRun()
    for (let i = 0; i < 5; i++) {
      await run.write([i], { loss: [i], eval: [i * 10] })
      expect((await run.seal())?.carried).toMatchObject([{ seq: i + 1, points: (i + 1) * 2 }])
      expect(await run.rows()).toEqual([-1])
    }
    await run.write(range(5, 12), { loss: range(5, 12) })
    const outcome = await run.seal()
    expect(outcome).toMatchObject({ points: 12, carried: [{ points: 5 }] })
    expect(await run.faults()).toEqual([])
    expect(await run.points()).toEqual(new Map(range(0, 12).map((s) => [s, s])))
  })

  test('a short last block is lengthened by what follows it', async () => {
    const run = await makeRun()
    await run.write(range(0, 67), { loss: range(0, 67) })
    await run.seal(true)
    await run.write(range(67, 70), { loss: range(67, 70) })
    expect(await run.seal()).toMatchObject({ points: 0, rewrites: 0, carried: [{ points: 3 }] })
    expect(await run.seal(true)).toMatchObject({ points: 3, rewrites: 1 })
    expect(await run.faults()).toEqual([])
    await run.write(range(70, 200), { loss: range(70, 200) })
    expect(await run.seal()).toMatchObject({ rewrites: 2 })
    expect(await run.faults()).toEqual([])
    expect(await run.points()).toEqual(new Map(range(0, 200).map((s) => [s, s])))
  })

  test('of two writers on one step the one with the greater number wins in one seal, and the later seal over an earlier one', async () => {
    const run = await makeRun()
    await run.write([1, 2, 3], { loss: [1, 1, 1] }, { writer: 'a' })
    await run.write([2, 3, 4], { loss: [2, 2, 2] }, { writer: 'b' })
    await run.seal(true)
    expect([...(await run.points())]).toEqual([
      [1, 1],
      [2, 2],
      [3, 2],
      [4, 2],
    ])
    await run.write([3], { loss: [9] }, { writer: 'a' })
    expect((await run.points()).get(3)).toBe(9)
    expect(await run.seal()).toMatchObject({ rewrites: 1, points: 0 })
    expect((await run.points()).get(3)).toBe(9)
    expect(await run.faults()).toEqual([])
  })

  test('attempts are apart', async () => {
    const run = await makeRun()
    await run.write(range(0, 100), { loss: range(0, 100) })
    await run.write(range(50, 120), { loss: range(50, 120).map((s) => -s) }, { writer: 'b', attempt: 2 })
    expect((await run.seal())?.carried.map((row) => row.stream)).toEqual([-2])
    expect(await run.faults()).toEqual([])
    expect((await run.points(1)).get(60)).toBe(60)
    expect((await run.points(2)).get(60)).toBe(-60)
  })

  test('an old piece of the steps is merged into its blocks, and all levels above are made anew', async () => {
    const run = await makeRun()
    const steps = range(0, 64 * 64 + 100)
    await run.write(steps, { loss: steps.map((s) => Math.sin(s)), lr: steps })
    await run.seal(true)
    expect(await run.faults()).toEqual([])
    const [levels] = await database.sql<
      { n: number }[]
    >`select max(level) as n from metric_block where run_id = ${run.runId}`
    expect(levels?.n).toBe(3)
    await run.write([100, 1000, 1001], { loss: [50, -50, 0] })
    await run.seal()
    expect(await run.faults()).toEqual([])
    await run.write([5000, 3000], { loss: [1, 2] })
    await run.write([10, 4000], { loss: [3, 4], lr: [5, 6] })
    await run.seal()
    expect(await run.faults()).toEqual([])
    const expected = new Map(steps.map((s) => [s, Math.sin(s)]))
    for (const [s, v] of [
      [100, 50],
      [1000, -50],
      [1001, 0],
      [5000, 1],
      [3000, 2],
      [10, 3],
      [4000, 4],
    ] as const)
      expected.set(s, v)
    expect(await run.points()).toEqual(expected)
  })

  test('an extreme that is overwritten gives way to the next one, wherever that lies', async () => {
    const run = await makeRun()
    const steps = range(0, 64 * 20)
    const set = new Map([
      [3, 500],
      [64, -9],
      [700, -8],
      [701, -8],
    ])
    await run.write(steps, { loss: steps.map((s) => set.get(s) ?? 1 + s / 7) })
    await run.seal(true)
    const extremes = async () =>
      (await database.sql`select vmin, vmin_step, vmax_step from metric_series where run_id = ${run.runId}`).flatMap(
        (row) => Object.values(row),
      )
    expect(await extremes()).toEqual([-9, 64, 3])
    // The first step of a block.
    await run.write([64], { loss: [2] })
    await run.seal()
    expect(await extremes()).toEqual([-8, 700, 3])
    await run.write([3], { loss: [3] })
    await run.seal()
    expect(await extremes()).toEqual([-8, 700, 1279])
    await run.write([1279, 900], { loss: [3, 3] })
    await run.seal()
    expect(await extremes()).toEqual([-8, 700, 1278])
    expect(await run.faults()).toEqual([])
  })

  test('steps that come between sealed ones move all behind them', async () => {
    const run = await makeRun()
    const even = range(0, 700).map((s) => s * 2)
    await run.write(even, { loss: even })
    await run.seal(true)
    const odd = range(100, 400).map((s) => s * 2 + 1)
    await run.write(odd, { loss: odd })
    expect(await run.seal()).toMatchObject({ points: 300, rewrites: 1, carried: [] })
    expect(await run.faults()).toEqual([])
    expect(await run.points()).toEqual(new Map([...even, ...odd].map((s) => [s, s])))
  })

  test('a tail that is too long is sealed in pieces, and every piece leaves the reads as they were', async () => {
    const run = await makeRun()
    for (let i = 0; i < 12; i++)
      await run.write(
        range(i * 40, i * 40 + 60),
        { loss: range(0, 60).map((s) => s + i * 1000) },
        { writer: i % 3 ? 'a' : 'b' },
      )
    const before = await run.points()
    let pieces = 0
    for (;;) {
      const outcome = await run.seal(true, { ...SMALL, piecePoints: 100 })
      expect(await run.points()).toEqual(before)
      expect(await run.faults()).toEqual([])
      if (!outcome) break
      pieces++
      if (!outcome.isPartial) break
    }
    expect(pieces).toBe(6)
    expect(await run.rows()).toEqual([])
  })

  test('a wide run: 1,500 metrics of 20 steps share one axis', async () => {
    const run = await makeRun()
    const keys = range(0, 1500).map((k) => `layer/${k}/norm`)
    await run.write(range(0, 20), Object.fromEntries(keys.map((key, k) => [key, range(0, 20).map((s) => s + k)])))
    expect((await run.seal(false, SEAL_LIMITS))?.carried).toMatchObject([{ points: 30_000 }])
    await run.seal(true, SEAL_LIMITS)
    expect(await run.faults(SEAL_LIMITS)).toEqual([])
    const [counts] = await database.sql<{ axes: number; blocks: number }[]>`
      select count(*) filter (where metric_id = 0) as axes, count(*) filter (where metric_id > 0) as blocks
      from metric_block where run_id = ${run.runId}`
    expect(counts).toEqual({ axes: 1, blocks: 1500 })
    expect((await readStored(database.sql, run.runId)).size).toBe(1500)
  })

  test('blocks of full size: three levels, a rewind through all of them, and what was carried', async () => {
    const run = await makeRun()
    const { sql } = database
    const expected = new Map<number, number>()
    await sql`insert into metric_stream (run_id, stream, client_id, attempt) values (${run.runId}, 1, ${randomUUID()}, 1)`
    let seq = 0
    const put = async (from: number, n: number, shift: number) => {
      const steps = Float64Array.from({ length: n }, (_, i) => from + i)
      const values = steps.map((s) => Math.sin(s) + shift)
      for (const [i, step] of steps.entries()) expected.set(step, values[i] as number)
      const data = packBatch([{ steps, times: steps, keys: [{ key: 1, values }] }])
      await sql`insert into metric_tail (run_id, stream, seq, n_points, received_at, data)
        values (${run.runId}, 1, ${++seq}, ${n}, now(), decode(${data.toString('base64')}, 'base64'))`
    }
    for (let i = 0; i < 64; i++) {
      await put(i * 4500, 4500, 0)
      if (i % 8 === 7) await run.seal(false, SEAL_LIMITS)
    }
    expect(await run.faults(SEAL_LIMITS)).toEqual([])
    await put(123_456, 50_000, 1)
    await put(500_000, 30, 0)
    expect(await run.seal(true, SEAL_LIMITS)).toMatchObject({ rewrites: 1 })
    expect(await run.faults(SEAL_LIMITS)).toEqual([])
    const [levels] = await sql<{ n: number }[]>`select max(level) as n from metric_block where run_id = ${run.runId}`
    expect(levels?.n).toBe(3)
    const points = await run.points()
    expect(points.size).toBe(expected.size)
    for (const [step, value] of expected)
      if (points.get(step) !== value) expect([step, points.get(step)]).toEqual([step, value])
  }, 60_000)
})

describe('a seal that is killed', () => {
  test('between any two statements has changed nothing, and the next one does it all', async () => {
    const run = await makeRun()
    const { sql } = database
    await run.write(range(0, 600), { loss: range(0, 600), lr: range(0, 600), eval: range(0, 600) })
    await run.seal(true)
    await run.write(range(600, 700), { loss: range(600, 700), lr: range(600, 700), fresh: range(600, 700) })
    await run.write(range(80, 90), { loss: range(80, 90).map((s) => -s) })
    await run.write(range(0, 5), { sparse: range(0, 5) })
    const tables = () =>
      Promise.all(
        ['metric_tail', 'metric_stream', 'metric_block', 'metric_series', 'metric_seal'].map((table) =>
          sql.unsafe(
            `select md5(string_agg(t::text, ',' order by t::text)) from ${table} t where run_id = ${run.runId}`,
          ),
        ),
      )
    const before = await tables()
    let statements = 0
    for (; ; statements++) {
      const dying = dyingClient(sql, statements)
      const outcome = await sealRun(dying.sql, run.runId, { limits: SMALL }).catch(() => null)
      if (!dying.wasKilled()) {
        expect(outcome).toMatchObject({ version: 2, rewrites: 1, carried: [{ points: 5 }] })
        break
      }
      expect(outcome).toBeNull()
      expect(await tables()).toEqual(before)
    }
    expect(statements).toBeGreaterThan(15)
    expect(await run.faults()).toEqual([])
    const points = await run.points()
    expect(points.size).toBe(700)
    expect([points.get(79), points.get(80), points.get(90), points.get(699)]).toEqual([79, -80, 90, 699])
  }, 60_000)
})

describe('batches that come again', () => {
  test('are duplicates before, during and after their seal; a second copy in the tail is read by nobody and swept up', async () => {
    const run = await makeRun()
    const { sql } = database
    const batch = await run.write([1, 2], { loss: [1, 2] })
    await run.write([2], { loss: [22] })
    const again = () => run.store.append({ ...batch, body: Buffer.from(batch.body) })
    expect(await again()).toMatchObject({ dup: true, contiguous: 2 })
    const [row] = await sql<{ data: Buffer }[]>`select data from metric_tail where run_id = ${run.runId} and seq = 1`
    await run.store.seal(run.runId, true)
    expect(await again()).toMatchObject({ dup: true, contiguous: 2 })
    // The race: the insert had looked before the seal was committed, and got its way after it.
    await sql`insert into metric_tail (run_id, stream, seq, n_points, received_at, data)
      values (${run.runId}, 1, 1, 2, now(), ${row?.data ?? null})`
    expect(await again()).toMatchObject({ dup: true })
    run.store.dropHeads()
    expect(await run.points()).toEqual(
      new Map([
        [1, 1],
        [2, 22],
      ]),
    )
    expect(await run.store.seal(run.runId)).toMatchObject({ points: 0, gone: [{ stream: 1, seq: 1 }] })
    expect(await run.rows()).toEqual([])
    expect((await run.points()).get(2)).toBe(22)
    expect(await run.store.cursors(run.runId)).toMatchObject([{ contiguous: 2, missing: [] }])
    expect(await run.faults()).toEqual([])
  })
})
