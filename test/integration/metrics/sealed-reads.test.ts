import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attemptView } from '#src/core/metrics/attempt-view.ts'
import type { ChartLine } from '#src/protocol/chart-body.ts'
import type { OpenStore } from '#src/services/metrics/open-store.ts'
import { SEAL_LIMITS } from '#src/services/metrics/seal/limits.ts'
import { sealRun } from '#src/services/metrics/seal/seal-run.ts'
import type { SeriesRequest } from '#src/services/metrics/store.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { batchOf, makeWorld, openStore, type World, wireValue } from './world.ts'

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

type Run = Awaited<ReturnType<World['makeRun']>>

/** Few points make many blocks, and 64 blocks a third level. */
const SMALL = { ...SEAL_LIMITS, blockPoints: 32, levelledMin: 8 }

/** The store is not told: it must find out by itself that what it knows is out of date. */
const seal = (run: Run, isForced = false) => sealRun(database.sql, run.id, { isForced, limits: SMALL })

type Asked = Partial<Omit<SeriesRequest, 'runs' | 'metrics'>>
const draw = (runs: readonly Run[], metrics: string[], asked: Asked = {}) =>
  store.draw({
    workspaceId: world.workspaceId,
    runs: runs.map((run) => ({ ...run, startedAtMs: null })),
    metrics,
    x: 'step',
    px: 4000,
    superseded: false,
    ...asked,
  })
const lineOf = async (run: Run, metric: string, asked: Asked = {}): Promise<ChartLine | undefined> =>
  (await draw([run], [metric], asked)).series[0]

interface Group {
  step: number[]
  t?: number[]
  m: Record<string, (number | string | null)[]>
}
async function send(run: Run, groups: Group[], more: { attempt?: number; clientId?: string; seq?: number } = {}) {
  const { attempt = 1, clientId = randomUUID(), seq = 1 } = more
  await store.append(batchOf(world, run.id, clientId, seq, { groups }, { attempt }))
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)
const wave = (step: number) => Math.fround(Math.sin(step / 37) + (step % 97 === 0 ? 5 : 0))

function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

const blocksOf = (run: Run) =>
  database.sql<{ level: number; n: number }[]>`
    select level, count(*)::int as n from metric_block where run_id = ${run.id} and metric_id > 0 group by 1 order by 1`

const KEYS = ['train/loss', 'eval/score', 'system/gpu0/util']

describe('a run sealed at random moments', () => {
  test.each(range(1, 13))('reads back exactly as a plain map does (seed %i)', async (seed) => {
    const random = randomNumbers(seed * 104_729)
    const below = (n: number) => Math.floor(random() * n)
    const run = await world.makeRun()
    const attempts = [{ attempt: 1, firstStep: 0 }]
    await store.startAttempt(run.id, 1, 0)
    let stream = { clientId: randomUUID(), attempt: 1, seq: 0 }
    /** Per key and attempt: what counts of each step. */
    const points = new Map<string, Map<number, Map<number, [time: number, value: number]>>>()
    let step = 0
    const value = () => {
      const x = random()
      return x < 0.01 ? Number.NaN : x < 0.02 ? Number.POSITIVE_INFINITY : x < 0.6 ? Math.fround(x) : x * 100
    }
    for (let b = 0; b < 30; b++) {
      if (random() < 0.1) {
        step = below(step + 1)
        attempts.push({ attempt: attempts.length + 1, firstStep: step })
        await store.startAttempt(run.id, attempts.length, step)
        stream = { clientId: randomUUID(), attempt: attempts.length, seq: 0 }
      }
      if (random() < 0.15) step = Math.max(0, step - below(200))
      const isIrregular = random() < 0.3
      const steps = Array.from({ length: 1 + below(250) }, () => {
        step += 1 + (isIrregular ? below(3) : 0)
        return step
      })
      const t = steps.map((s) => 1_700_000_000_000 + s * 100 + b)
      const m = Object.fromEntries(KEYS.filter(() => random() < 0.8).map((key) => [key, steps.map(value)] as const))
      for (const [key, values] of Object.entries(m)) {
        const ofKey = points.get(key) ?? new Map()
        points.set(key, ofKey)
        const ofAttempt = ofKey.get(stream.attempt) ?? new Map()
        ofKey.set(stream.attempt, ofAttempt)
        steps.forEach((s, i) => {
          ofAttempt.set(s, [t[i], values[i]])
        })
      }
      const wire = Object.fromEntries(Object.entries(m).map(([key, values]) => [key, values.map(wireValue)]))
      await send(run, [{ step: steps, t, m: wire }], { ...stream, seq: ++stream.seq })
      if (random() < 0.3) await seal(run, random() < 0.2)
      if (random() < 0.1) store.dropHeads()
    }
    const view = attemptView(attempts)
    for (const key of points.keys()) {
      const shown = new Map<number, [number, number]>()
      const hidden = new Map<number, number>()
      for (const [attempt, ofAttempt] of [...(points.get(key) ?? [])].toSorted(([a], [b]) => a - b)) {
        const { from, to } = key.startsWith('system/') ? { from: 0, to: Infinity } : view(attempt)
        for (const [s, point] of ofAttempt)
          if (s >= from && s < to) shown.set(s, point)
          else hidden.set(attempt, (hidden.get(attempt) ?? 0) + 1)
      }
      const steps = [...shown.keys()].toSorted((a, b) => a - b)
      if (steps.length === 0) continue
      const valueAt = (s: number) => shown.get(s)?.[1] as number
      const timeAt = (s: number) => shown.get(s)?.[0] as number

      const exact = await lineOf(run, key, { px: 40_000 })
      expect([...(exact?.x ?? [])]).toEqual(steps)
      expect([...(exact?.y ?? [])]).toEqual(steps.map(valueAt))
      const last = steps.at(-1) as number
      expect(exact).toMatchObject({ exact: true, n_total: steps.length, last_step: last, last_t: timeAt(last) })
      const overTime = await lineOf(run, key, { px: 40_000, x: 'time' })
      expect([...(overTime?.x ?? [])]).toEqual(steps.map(timeAt).toSorted((a, b) => a - b))

      const cuts = [{}, { from: below(last) }, { to: below(last) }, { from: last >> 2, to: last >> 1 }]
      for (const px of [3, 20, 150])
        for (const asked of cuts) {
          const inRange = steps.filter((s) => s >= (asked.from ?? 0) && s <= (asked.to ?? last))
          const line = await lineOf(run, key, { px, ...asked })
          expect(line).toMatchObject({ n: inRange.length, n_total: steps.length, exact: inRange.length <= 2 * px })
          expectExtremes(line, inRange.map(valueAt))
          // Times of ascending steps ascend here but for the batch that they came with.
          const times = {
            from: 1_700_000_000_000 + (asked.from ?? 0) * 100,
            to: 1_700_000_000_000 + (asked.to ?? last) * 100 + 50,
          }
          const byTime = steps.filter((s) => timeAt(s) >= times.from && timeAt(s) <= times.to)
          const timed = await lineOf(run, key, { px, x: 'time', ...times })
          expectExtremes(timed, byTime.map(valueAt))
          if (timed?.exact) expect(timed.n).toBe(byTime.length)
        }
      const superseded = (await draw([run], [key], { superseded: true, px: 20 })).series.filter((s) => s.superseded)
      expect(new Map(superseded.map((s) => [s.attempt, s.n]))).toEqual(hidden)
    }
    await expectSummaries(run, points, view)
    expect((await blocksOf(run)).length).toBeGreaterThan(1)
  })
})

type Points = ReadonlyMap<string, ReadonlyMap<number, ReadonlyMap<number, [time: number, value: number]>>>

/** Summaries and values at steps, of the store that took the batches and of one that never saw them. */
async function expectSummaries(run: Run, points: Points, view: (attempt: number) => { from: number; to: number }) {
  const names = await database.sql<{ id: number; name: string }[]>`
    select id, name from metric_keys where workspace_id = ${world.workspaceId}`
  const killed = await openStore(database.sql)
  for (const told of [store, killed]) {
    const summaries = (await told.summaries(world.workspaceId, [run.id])).get(run.id) ?? []
    for (const [key, ofKey] of points) {
      const isTelemetry = key.startsWith('system/')
      const shown = new Map<number, [number, number]>()
      for (const [attempt, ofAttempt] of [...ofKey].toSorted(([a], [b]) => a - b)) {
        const { from, to } = isTelemetry ? { from: 0, to: Infinity } : view(attempt)
        for (const [s, point] of ofAttempt) if (s >= from && s < to) shown.set(s, point)
      }
      const steps = [...shown.keys()].toSorted((a, b) => a - b)
      const valueAt = (s: number) => shown.get(s)?.[1] as number
      const finite = steps.filter((s) => Number.isFinite(valueAt(s)))
      const [first, last] = [steps[0] as number, steps.at(-1) as number]
      const min = Math.min(...finite.map(valueAt))
      const max = Math.max(...finite.map(valueAt))
      expect(summaries.find((s) => s.key === key)).toMatchObject({
        n: steps.length,
        first_step: first,
        first_value: wireValue(valueAt(first)),
        last_step: last,
        last_value: wireValue(valueAt(last)),
        last_t: shown.get(last)?.[0],
        min: finite.length > 0 ? min : null,
        min_step: finite.find((s) => valueAt(s) === min) ?? null,
        max: finite.length > 0 ? max : null,
        max_step: finite.find((s) => valueAt(s) === max) ?? null,
      })
      if (isTelemetry) continue
      const id = names.find((k) => k.name === key)?.id ?? 0
      const asked = [first - 1, first, last >> 1, last - 33, last, last + 5]
      const values = await told.valuesAt(run.id, asked)
      expect(values.map((of) => of.get(id))).toEqual(
        asked.map((bound) => {
          const at = steps.findLast((s) => s <= bound)
          return at === undefined ? undefined : valueAt(at)
        }),
      )
    }
  }
  await killed.close()
}

function expectExtremes(line: ChartLine | undefined, values: readonly number[]): void {
  const finite = values.filter(Number.isFinite)
  expect(line?.non_finite_n).toBe(values.length - finite.length)
  if (finite.length === 0) return
  const drawn = line?.exact ? [...line.y].filter(Number.isFinite) : null
  const base = line?.base ?? 0
  expect(Math.min(...(drawn ?? line?.min ?? []))).toBe(
    drawn ? Math.min(...finite) : Math.fround(Math.min(...finite) - base),
  )
  expect(Math.max(...(drawn ?? line?.max ?? []))).toBe(
    drawn ? Math.max(...finite) : Math.fround(Math.max(...finite) - base),
  )
}

describe('levels', () => {
  const n = 5_000
  let run: Run

  beforeAll(async () => {
    run = await world.makeRun()
    await send(run, [
      { step: range(0, n), t: range(0, n).map((s) => 1_000 + s * 10), m: { loss: range(0, n).map(wave) } },
    ])
    await seal(run, true)
    store.dropHeads()
  })

  test('are there up to the third', async () => {
    expect((await blocksOf(run)).map((b) => b.level)).toEqual([0, 1, 2, 3])
  })

  test.each([600, 500, 75, 70, 9, 8, 7])(
    'have at %i px the least, the greatest and the mean of the points of each pixel',
    async (px) => {
      const { series, grid } = await draw([run], ['loss'], { px })
      const [line] = series
      if (!line?.min || !line.max || !grid) throw new Error('The line is not reduced.')
      const pixelOf = (x: number) => Math.floor((x - grid.x0) / grid.dx)
      const plain = new Map<number, number[]>()
      for (const step of range(0, n)) plain.set(pixelOf(step), [...(plain.get(pixelOf(step)) ?? []), wave(step)])
      const drawn = new Map(
        [...line.x].map((x, i) => [pixelOf(x), { min: line.min?.[i], max: line.max?.[i], mean: line.y[i] ?? 0 }]),
      )
      expect([...drawn.keys()]).toEqual([...plain.keys()])
      expect(drawn.size).toBeGreaterThanOrEqual(Math.min(px, 500))
      expect(drawn.size).toBeLessThan(2 * px + 1)
      for (const [pixel, { min, max, mean }] of drawn) {
        const values = plain.get(pixel) ?? []
        expect(min).toBe(Math.fround(Math.min(...values)))
        expect(max).toBe(Math.fround(Math.max(...values)))
        expect(mean).toBeCloseTo(
          values.reduce((sum, value) => sum + value / values.length, 0),
          4,
        )
      }
    },
  )

  test('never bring a point of beyond the range', async () => {
    for (const [from, to] of [
      [98, 4_000],
      [33, 4_999],
      [1_000, 1_300],
      [97, 193],
    ] as const)
      for (const px of [5, 20, 60]) {
        const line = await lineOf(run, 'loss', { px, from, to })
        expect(line?.n).toBe(to - from + 1)
        expectExtremes(line, range(from, to + 1).map(wave))
      }
  })

  test('zoom reaches the points within three steps', async () => {
    const px = 100
    let [from, to] = [0, n - 1]
    let line = await lineOf(run, 'loss', { px, from, to })
    for (let zoom = 0; zoom < 3; zoom++) {
      const width = (to - from) / 4
      ;[from, to] = [from + width, from + 2 * width]
      line = await lineOf(run, 'loss', { px, from, to })
    }
    expect(line?.exact).toBe(true)
    expect([...(line?.y ?? [])]).toEqual([...(line?.x ?? [])].map(wave))
  })

  test('one grid holds for all lines of a chart, and an exact one is left exact', async () => {
    const other = await world.makeRun()
    await send(other, [{ step: [100, 9_000], m: { loss: [1, 2] } }])
    const { series, grid } = await draw([run, other], ['loss'], { px: 50 })
    expect(grid?.x0).toBe(0)
    // At least as many buckets as were asked for, less than twice as many; their bounds are those of the blocks' own.
    expect((grid?.dx ?? 0) % 64).toBe(0)
    expect(9_000 / (grid?.dx ?? 1)).toBeGreaterThanOrEqual(50)
    expect(9_000 / (grid?.dx ?? 1)).toBeLessThan(100)
    expect(series.map((s) => s.exact)).toEqual([false, true])
    const buckets = [...(series[0]?.x ?? [])].map((x) => Math.floor(x / (grid?.dx ?? 1)))
    expect(new Set(buckets).size).toBe(buckets.length)
  })

  test('over another metric reduced lines lie where that metric is at their first step, exact ones at their own', async () => {
    const metered = await world.makeRun()
    const odd = range(0, n).filter((s) => s % 2 === 1)
    await send(metered, [
      { step: range(0, n), m: { loss: range(0, n).map(wave) } },
      { step: odd, m: { tokens: odd.map((s) => s * 1_000) } },
    ])
    await seal(metered, true)
    const reduced = await lineOf(metered, 'loss', { x: 'tokens', px: 50 })
    expect(reduced?.exact).toBe(false)
    for (const x of reduced?.x ?? []) expect(x % 1_000).toBe(0)
    const zoomed = await lineOf(metered, 'loss', { x: 'tokens', px: 50, from: 2_000_000, to: 2_050_000 })
    const inRange = odd.filter((s) => s >= 2_000 && s <= 2_050)
    expect([...(zoomed?.x ?? [])]).toEqual(inRange.map((s) => s * 1_000))
    expect([...(zoomed?.y ?? [])]).toEqual(inRange.map(wave))
    const named = await lineOf(metered, 'loss', {
      x: 'metric',
      xMetric: 'tokens',
      px: 50,
      from: 2_000_000,
      to: 2_050_000,
    })
    expect([...(named?.x ?? [])]).toEqual([...(zoomed?.x ?? [])])
  })

  test('groups take each run once per bucket, sealed or not', async () => {
    const fresh = await world.makeRun()
    await send(fresh, [{ step: range(0, n), m: { loss: range(0, n).map((s) => wave(s) + 2) } }])
    const runs = [run, fresh]
    const list = [{ group: 'all runs', runIds: runs.map((r) => r.id) }]
    const { groups, grid } = await draw(runs, ['loss'], { px: 50, groups: { list, center: 'mean', band: 'min_max' } })
    expect(grid).not.toBeNull()
    expect(groups).toMatchObject([{ group: 'all runs', metric: 'loss', runs: runs.map((r) => r.number) }])
    expect(new Set(groups[0]?.n_runs)).toEqual(new Set([2]))
    expect(Math.max(...(groups[0]?.high ?? []))).toBe(Math.fround(Math.max(...range(0, n).map((s) => wave(s) + 2))))
  })

  test('of values far from zero keep their digits', async () => {
    const far = await world.makeRun()
    const high = (s: number) => 1e9 + Math.sin(s / 50)
    await send(far, [{ step: range(0, n), m: { counter: range(0, n).map(high) } }])
    await seal(far, true)
    const line = await lineOf(far, 'counter', { px: 40 })
    expect(line?.base).toBeGreaterThan(1e8)
    const greatest = Math.max(...(line?.max ?? [])) + (line?.base ?? 0)
    expect(Math.abs(greatest - Math.max(...range(0, n).map(high)))).toBeLessThan(1e-5)
  })

  test('list NaN and infinities at the first place of their bucket, and count each', async () => {
    const broken = await world.makeRun()
    const values = range(0, n).map((s) =>
      s === 1_003 ? 'NaN' : s === 2_000 ? 'Infinity' : s === 2_001 ? '-Infinity' : 1,
    )
    await send(broken, [{ step: range(0, n), m: { loss: values } }])
    await seal(broken, true)
    const line = await lineOf(broken, 'loss', { px: 20 })
    expect(line?.non_finite_n).toBe(3)
    expect(line?.non_finite.map((mark) => mark.value)).toEqual(['NaN', 'Infinity', '-Infinity'])
    for (const [i, at] of [1_003, 2_000, 2_001].entries()) {
      const x = line?.non_finite[i]?.x ?? 0
      expect(at - x).toBeGreaterThanOrEqual(0)
      expect(at - x).toBeLessThan(64)
    }
  })
})

describe('while runs are sealed', () => {
  test('a chart between plan and fetch sees each point once, whether the seal adds blocks or rewrites some', async () => {
    const run = await world.makeRun()
    const writer = { clientId: randomUUID(), seq: 0 }
    const write = (from: number, to: number, of = wave) =>
      send(run, [{ step: range(from, to), m: { loss: range(from, to).map(of) } }], { ...writer, seq: ++writer.seq })
    await write(0, 500)
    await seal(run)
    let seals = 0
    store.stored.beforeFetch = async () => {
      // A few times in the midst of a chart; afterwards it comes to an end.
      if (seals++ % 4 !== 0) return
      const outcome = await seal(run, seals % 3 === 0)
      expect(outcome).not.toBeNull()
    }
    try {
      let end = 500
      for (let i = 0; i < 12; i++) {
        // Every third time over steps that are in blocks.
        const from = i % 3 === 2 ? end - 40 : end
        await write(from, from + 100)
        end = from + 100
        for (const px of [4_000, 10]) {
          const line = await lineOf(run, 'loss', { px })
          expect(line?.n).toBe(end)
          expectExtremes(line, range(0, end).map(wave))
        }
      }
    } finally {
      store.stored.beforeFetch = null
    }
  })

  test('a run whose seals never rest is refused for the moment, not drawn wrong', async () => {
    const run = await world.makeRun()
    await send(run, [{ step: range(0, 500), m: { loss: range(0, 500).map(wave) } }])
    await seal(run)
    store.dropHeads()
    store.stored.beforeFetch = async () => {
      await database.sql`update metric_seal set version = version + 1, rewrites = rewrites + 1 where run_id = ${run.id}`
    }
    try {
      await expect(lineOf(run, 'loss', { px: 10 })).rejects.toMatchObject({ code: 'unavailable' })
    } finally {
      store.stored.beforeFetch = null
    }
    expect((await lineOf(run, 'loss'))?.n).toBe(500)
  })
})

test('the newest write is told from blocks when the tail is empty', async () => {
  const run = await world.makeRun()
  const before = Date.now()
  await send(run, [{ step: range(0, 50), m: { loss: range(0, 50).map(wave) } }])
  await seal(run, true)
  expect(await database.sql`select 1 from metric_tail where run_id = ${run.id}`).toEqual([])
  expect(await store.lastWrite([run.id])).toBeGreaterThanOrEqual(before)
  expect(await store.points([run.id])).toEqual(new Map([[run.id, 50]]))
})

describe('summaries of sealed runs', () => {
  test('are told anew after a kill, also where the seal has emptied the tail before they were written', async () => {
    const run = await world.makeRun()
    const killed = await openStore(database.sql)
    const steps = range(0, 300)
    await killed.append(
      batchOf(world, run.id, randomUUID(), 1, { groups: [{ step: steps, m: { loss: steps.map(wave) } }] }),
    )
    await seal(run, true)
    // Never closed, never flushed: as if the process had ended here.
    const next = await openStore(database.sql)
    expect((await next.summaries(world.workspaceId, [run.id])).get(run.id)).toMatchObject([
      { key: 'loss', n: 300, last_step: 299, last_value: wave(299) },
    ])
    await next.close()
    expect(await database.sql`select n, step from metric_latest where run_id = ${run.id}`).toEqual([
      { n: 300, step: 299 },
    ])
  })

  test('have every acknowledged batch, however many come while stored points are read for them', async () => {
    const run = await world.makeRun()
    const writer = { clientId: randomUUID(), seq: 0 }
    const write = (from: number, to: number) =>
      send(run, [{ step: range(from, to), m: { loss: range(from, to).map(wave) } }], { ...writer, seq: ++writer.seq })
    await store.startAttempt(run.id, 1, 0)
    await write(0, 400)
    await seal(run)
    // A cut makes the summary one that blocks are read for.
    await store.startAttempt(run.id, 2, 390)
    // The clock's own flushes read as well, at the same time: each reading takes a step of its own.
    let next = 390
    let acknowledged = 390
    let during = 0
    store.stored.beforeFetch = async () => {
      during++
      const step = next++
      await send(run, [{ step: [step], m: { loss: [wave(step)] } }], { attempt: 2 })
      acknowledged++
    }
    try {
      for (let i = 0; i < 60; i++) {
        store.noteForeignWrites([run.id])
        const before = acknowledged
        const [told] = (await store.summaries(world.workspaceId, [run.id])).get(run.id) ?? []
        expect(told?.n).toBeGreaterThanOrEqual(before)
      }
      await store.flush()
    } finally {
      store.stored.beforeFetch = null
    }
    expect(during).toBeGreaterThanOrEqual(60)
    expect((await store.summaries(world.workspaceId, [run.id])).get(run.id)).toMatchObject([
      { n: next, last_step: next - 1, last_value: wave(next - 1) },
    ])
  })
})

describe('few blocks are read as points', () => {
  async function sealedRun(n: number) {
    const run = await world.makeRun()
    await send(run, [{ step: range(0, n), m: { loss: range(0, n).map(wave) } }])
    await seal(run, true)
    store.stored.clear()
    store.dropHeads()
    return run
  }

  test('by a grid whose buckets cannot be counted', async () => {
    const run = await sealedRun(20_000)
    for (const grid of [
      { x0: -1e308, dx: 0.5 },
      { x0: 0, dx: Number.MIN_VALUE },
    ]) {
      store.stored.clear()
      await lineOf(run, 'loss', { px: 10, from: 1, grid })
      expect(store.stored.blockBytes).toBeLessThan(150_000)
    }
  })

  test('where new points lie over the first and the last of them, and all points are told', async () => {
    const n = 20_000
    const run = await sealedRun(n)
    await send(run, [{ step: [3, n - 5], m: { loss: [100, -100] } }], { clientId: randomUUID() })
    store.stored.clear()
    const line = await lineOf(run, 'loss', { px: 10 })
    expect(store.stored.blockBytes).toBeLessThan(150_000)
    expect(line).toMatchObject({ n, n_total: n })
    expect(Math.max(...(line?.max ?? []))).toBe(100)
    expect(Math.min(...(line?.min ?? []))).toBe(-100)
    store.stored.clear()
    expect((await store.summaries(world.workspaceId, [run.id])).get(run.id)).toMatchObject([
      { n, min: -100, min_step: n - 5, max: 100, max_step: 3, last_step: n - 1 },
    ])
  })
})
