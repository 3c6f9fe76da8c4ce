import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attemptView } from '#src/core/metrics/attempt-view.ts'
import type { OpenStore } from '#src/services/metrics/open-store.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { batchOf, float32s, float64s, makeWorld, openStore, type World, wireValue } from './world.ts'

let database: TestDatabase
let world: World
let store: OpenStore

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
  store = await openStore(database.sql)
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

/** Marsaglia's xorshift, so that a failure can be repeated. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

const KEYS = ['train/loss', 'train/lr', 'eval/score', 'system/gpu0/util']

interface Sent {
  stream: number
  clientId: string
  attempt: number
  seq: number
  body: Buffer
  groups: { step: number[]; t: number[]; m: Record<string, number[]> }[]
}

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
  'random batches over attempts read back exactly as a plain map does (seed %i)',
  async (seed) => {
    const random = randomNumbers(seed * 7919)
    const below = (n: number) => Math.floor(random() * n)
    const run = await world.makeRun()
    const attempts: { attempt: number; firstStep: number }[] = [{ attempt: 1, firstStep: 0 }]
    await store.startAttempt(run.id, 1, 0)
    const streams = [{ clientId: randomUUID(), attempt: 1, seq: 0 }]
    const sent: Sent[] = []
    let step = 0

    const value = () => {
      const x = random()
      if (x < 0.01) return Number.NaN
      if (x < 0.015) return Number.POSITIVE_INFINITY
      if (x < 0.02) return Number.NEGATIVE_INFINITY
      if (x < 0.03) return -0
      return x < 0.4 ? Math.fround(x) : x < 0.6 ? Math.round(x * 1e4) / 1e4 : x
    }

    const send = async (batch: Sent) =>
      store.append(
        batchOf(world, run.id, batch.clientId, batch.seq, null, { attempt: batch.attempt, body: batch.body }),
      )

    const batches = 10 + below(30)
    for (let b = 0; b < batches; b++) {
      if (random() < 0.08) {
        const attempt = attempts.length + 1
        step = below(step + 1)
        attempts.push({ attempt, firstStep: step })
        await store.startAttempt(run.id, attempt, step)
        streams.push({ clientId: randomUUID(), attempt, seq: 0 })
      }
      const at = below(Math.min(2, streams.length))
      const stream = streams[streams.length - 1 - at] as (typeof streams)[number]
      const groups: Sent['groups'] = []
      for (let g = 0; g <= below(3); g++) {
        const n = 1 + below(200)
        if (random() < 0.15) step = Math.max(0, step - below(300))
        const isIrregular = random() < 0.3
        const steps: number[] = []
        for (let i = 0; i < n; i++) {
          steps.push(step)
          step += isIrregular ? below(3) : 1
        }
        if (random() < 0.15) steps.reverse()
        const keys = KEYS.filter(() => random() < 0.7)
        groups.push({
          step: steps,
          t: steps.map((s) => 1_700_000_000_000 + s * 100 + b),
          m: Object.fromEntries(keys.map((key) => [key, steps.map(value)])),
        })
      }
      const body = Buffer.from(
        JSON.stringify({
          groups: groups.map(({ step: steps, t, m }) => ({
            step: steps,
            t,
            m: Object.fromEntries(
              Object.entries(m).map(([k, v]) => [k, v.map((x) => (Object.is(x, -0) ? '-0' : wireValue(x)))]),
            ),
          })),
        }).replaceAll('"-0"', '-0'),
      )
      const batch = { ...stream, stream: streams.indexOf(stream) + 1, seq: ++stream.seq, body, groups }
      sent.push(batch)
    }
    // Out of order within a window, with re-sends and forgotten tails in between.
    const order = sent.map((batch, i) => ({ batch, at: i + random() * 3 })).toSorted((a, b) => a.at - b.at)
    for (const { batch } of order) {
      const first = await send(batch)
      expect(first.dup).toBe(false)
      if (random() < 0.3) {
        const again = order[below(order.findIndex((o) => o.batch === batch) + 1)]?.batch as Sent
        expect((await send(again)).dup).toBe(true)
      }
      if (random() < 0.1) store.dropHeads()
    }
    for (const { clientId, seq } of streams.filter((s) => s.seq > 0)) await store.closeStream(run.id, clientId, seq)

    // The plain map: by stream, seq and position, later ones win.
    const view = attemptView(attempts)
    const expected = new Map<string, Map<number, [time: number, value: number, attempt: number]>>()
    // Stream numbers are given in the order of the first batch.
    const numbers = [...new Set(order.map((o) => o.batch.clientId))]
    const inOrder = sent.toSorted((a, b) => numbers.indexOf(a.clientId) - numbers.indexOf(b.clientId) || a.seq - b.seq)
    for (const { attempt, groups } of inOrder)
      for (const { step: steps, t, m } of groups)
        for (const [key, values] of Object.entries(m)) {
          const { from, to } = key.startsWith('system/') ? { from: 0, to: Infinity } : view(attempt)
          const points = expected.get(key) ?? new Map<number, [number, number, number]>()
          expected.set(key, points)
          steps.forEach((s, i) => {
            if (s >= from && s < to) points.set(s, [t[i] as number, values[i] as number, attempt])
          })
        }

    for (const isFresh of [false, true]) {
      if (isFresh) store.dropHeads()
      const request = {
        workspaceId: world.workspaceId,
        runs: [{ ...run, startedAtMs: null }],
        metrics: KEYS,
        superseded: false,
      }
      const byStep = await store.chart({ ...request, x: 'step', px: 4000 * 10 })
      const byTime = await store.chart({ ...request, x: 'time', px: 4000 * 10 })
      const summaries = (await store.summaries(world.workspaceId, [run.id])).get(run.id) ?? []
      for (const [key, points] of expected) {
        const series = byStep.find((s) => s.metric === key)
        const steps = [...points.keys()].toSorted((a, b) => a - b)
        if (steps.length === 0) {
          expect(series?.n ?? 0).toBe(0)
          continue
        }
        expect([...float64s(series?.x ?? '')]).toEqual(steps)
        const values = float64s(series?.y ?? '')
        steps.forEach((s, i) => {
          expect(Object.is(values[i], points.get(s)?.[1]), `${key} at step ${s}: ${values[i]}`).toBe(true)
        })
        const times = steps.map((s) => points.get(s)?.[0] as number).toSorted((a, b) => a - b)
        expect([...float64s(byTime.find((s) => s.metric === key)?.x ?? '')]).toEqual(times)

        const finite = steps.map((s) => points.get(s)?.[1] as number).filter(Number.isFinite)
        const last = points.get(steps.at(-1) as number)?.[1] as number
        expect(summaries.find((s) => s.key === key)).toMatchObject({
          n: steps.length,
          first_step: steps[0],
          last_step: steps.at(-1),
          last_value: wireValue(last),
          min: finite.length > 0 ? Math.min(...finite) : null,
          max: finite.length > 0 ? Math.max(...finite) : null,
        })
        for (const px of [10, 100]) {
          const [drawn] = await store.chart({ ...request, metrics: [key], x: 'step', px })
          if (!drawn || drawn.exact) continue
          expect(Math.min(...float32s(drawn.min ?? ''))).toBe(Math.fround(Math.min(...finite)))
          expect(Math.max(...float32s(drawn.max ?? ''))).toBe(Math.fround(Math.max(...finite)))
          expect(drawn.n).toBe(steps.length)
          expect(drawn.non_finite_n).toBe(steps.length - finite.length)
        }
      }
    }

    // What was written behind is what lies in memory.
    const inMemory = (await store.summaries(world.workspaceId, [run.id])).get(run.id)
    await store.flush()
    const other = await openStore(database.sql)
    expect((await other.summaries(world.workspaceId, [run.id])).get(run.id)).toEqual(inMemory)
    await other.close()
    const rows = await database.sql<
      { n: number }[]
    >`select count(*)::int as n from metric_latest where run_id = ${run.id}`
    expect(rows[0]?.n).toBe(inMemory?.length)
  },
)
