import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { XAxis } from '#src/core/metrics/chart-choices.ts'
import type { ChartSeries } from '#src/protocol/chart.ts'
import type { OpenStore } from '#src/services/metrics/open-store.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { batchOf, float32s, float64s, makeWorld, openStore, type World } from './world.ts'

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

interface Asked {
  x?: XAxis
  px?: number
  from?: number
  to?: number
  superseded?: boolean
  startedAtMs?: number | null
}

function chart(
  runs: Run[],
  metrics: string[],
  { x = 'step', px = 4000, startedAtMs = null, superseded = false, ...more }: Asked = {},
) {
  return store.chart({
    workspaceId: world.workspaceId,
    runs: runs.map((run) => ({ ...run, startedAtMs })),
    metrics,
    x,
    px,
    superseded,
    ...more,
  })
}

const points = (series: ChartSeries | undefined) => {
  const y = float64s(series?.y ?? '')
  return [...float64s(series?.x ?? '')].map((x, i) => [x, y[i]])
}

const send = (run: Run, clientId: string, seq: number, groups: unknown[], attempt = 1) =>
  store.append(batchOf(world, run.id, clientId, seq, { groups }, { attempt }))

const steps = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

describe('attempts', () => {
  test('the default view never shows a branch that was left; superseded points are shown on demand', async () => {
    const run = await world.makeRun()
    await store.startAttempt(run.id, 1, 0)
    await send(run, randomUUID(), 1, [{ step: steps(0, 10), m: { loss: steps(0, 10).map((s) => 100 + s) } }])
    const before = (await store.summaries(world.workspaceId, [run.id])).get(run.id)
    expect(before).toMatchObject([{ key: 'loss', n: 10, last_step: 9, last_value: 109, max: 109 }])

    await store.startAttempt(run.id, 2, 6)
    expect((await store.summaries(world.workspaceId, [run.id])).get(run.id)).toMatchObject([
      { key: 'loss', n: 6, last_step: 5, last_value: 105, max: 105 },
    ])
    await send(run, randomUUID(), 1, [{ step: [6, 7], m: { loss: [206, 207] } }], 2)

    const [series] = await chart([run], ['loss'])
    expect(points(series)).toEqual([...steps(0, 6).map((s) => [s, 100 + s]), [6, 206], [7, 207]])
    expect(series).toMatchObject({ attempt: null, superseded: false, n: 8, n_total: 8, last_step: 7 })

    const all = await chart([run], ['loss'], { superseded: true })
    expect(all.map(({ attempt, superseded }) => ({ attempt, superseded }))).toEqual([
      { attempt: null, superseded: false },
      { attempt: 1, superseded: true },
    ])
    expect(points(all[1])).toEqual(steps(6, 10).map((s) => [s, 100 + s]))

    await store.flush()
    const rows = await database.sql`select n, step, value, vmax from metric_latest where run_id = ${run.id}`
    expect(rows).toEqual([{ n: 8, step: 7, value: 207, vmax: 207 }])
  })

  test('where an attempt begins is given once', async () => {
    const run = await world.makeRun()
    await store.startAttempt(run.id, 2, 6)
    await store.startAttempt(run.id, 2, 99)
    const rows = await database.sql`select first_step from metric_attempt where run_id = ${run.id}`
    expect(rows).toEqual([{ first_step: 6 }])
  })

  test('telemetry, whose steps are milliseconds, is hidden by no resume', async () => {
    const run = await world.makeRun()
    await store.startAttempt(run.id, 1, 0)
    await send(run, randomUUID(), 1, [{ step: [1000, 2000], m: { 'system/node/cpu': [1, 2], loss: [1, 2] } }])
    await store.startAttempt(run.id, 2, 5)
    await send(run, randomUUID(), 1, [{ step: [3000], m: { 'system/node/cpu': [3] } }], 2)
    expect(points((await chart([run], ['system/node/cpu']))[0])).toEqual([
      [1000, 1],
      [2000, 2],
      [3000, 3],
    ]) // prettier-ignore
    expect(points((await chart([run], ['loss']))[0])).toEqual([])
    const summaries = (await store.summaries(world.workspaceId, [run.id])).get(run.id)
    expect(summaries?.map((s) => [s.key, s.n])).toEqual([['system/node/cpu', 3]])
  })

  test('a summary that lies in the database is told anew when an attempt hides its points', async () => {
    const run = await world.makeRun()
    const first = await openStore(database.sql)
    await first.append(
      batchOf(world, run.id, randomUUID(), 1, { groups: [{ step: [1, 2, 3], m: { loss: [1, 2, 3] } }] }),
    )
    await first.close()
    const later = await openStore(database.sql)
    await later.startAttempt(run.id, 2, 2)
    await later.flush()
    await later.close()
    expect(await database.sql`select step, n from metric_latest where run_id = ${run.id}`).toEqual([{ step: 1, n: 1 }])
  })
})

describe('a chart', () => {
  test('says n of N, is exact while there are at most two points per pixel, and reduces above', async () => {
    const run = await world.makeRun()
    const n = 10_000
    await send(run, randomUUID(), 1, [
      { step: steps(0, n), m: { loss: steps(0, n).map((s) => (s === 4321 ? 1e6 : s % 7)) } },
    ])
    const [reduced] = await chart([run], ['loss'], { px: 100 })
    expect(reduced).toMatchObject({ exact: false, n, n_total: n, shown: 100, last_step: n - 1 })
    expect(Math.max(...float32s(reduced?.max ?? ''))).toBe(1e6)
    expect(float32s(reduced?.y ?? '')).toHaveLength(100)
    const [exact] = await chart([run], ['loss'], { px: 100, from: 4300, to: 4399 })
    expect(exact).toMatchObject({ exact: true, n: 100, n_total: n, shown: 100 })
    expect(points(exact)[21]).toEqual([4321, 1e6])
  })

  test('lists NaN and infinite points beside the line', async () => {
    const run = await world.makeRun()
    await send(run, randomUUID(), 1, [{ step: [1, 2, 3, 4], m: { loss: [1, 'NaN', 'Infinity', 4] } }])
    expect((await chart([run], ['loss']))[0]).toMatchObject({
      n: 4,
      non_finite_n: 2,
      non_finite: [
        { x: 2, value: 'NaN' },
        { x: 3, value: 'Infinity' },
      ],
    })
  })

  test('over time, relative time and tokens places each point by its own', async () => {
    const run = await world.makeRun()
    await send(run, randomUUID(), 1, [
      { step: [10, 20], t: [5_000, 6_000], m: { tokens: [1000, 2000] } },
      { step: [10, 15, 20], t: [5_000, 5_500, 6_000], m: { loss: [3, 2, 1] } },
    ])
    const over = async (x: XAxis, startedAtMs: number | null = null) =>
      points((await chart([run], ['loss'], { x, startedAtMs }))[0])
    expect(await over('time')).toEqual([
      [5_000, 3],
      [5_500, 2],
      [6_000, 1],
    ]) // prettier-ignore
    expect(await over('relative', 4_000)).toEqual([
      [1_000, 3],
      [1_500, 2],
      [2_000, 1],
    ]) // prettier-ignore
    expect(await over('relative')).toEqual([
      [0, 3],
      [500, 2],
      [1_000, 1],
    ]) // prettier-ignore
    expect(await over('tokens')).toEqual([
      [1000, 3],
      [2000, 1],
    ]) // prettier-ignore
  })

  test('of many runs and metrics leaves out what a run does not have, and keeps the order asked for', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => world.makeRun()))
    const [a, b, c] = runs as [Run, Run, Run]
    await send(a, randomUUID(), 1, [{ step: [1], m: { loss: [1], acc: [1] } }])
    await send(b, randomUUID(), 1, [{ step: [1], m: { acc: [2] } }])
    const drawn = await chart([c, b, a], ['acc', 'loss', 'never logged'])
    expect(drawn.map((s) => [s.run, s.metric])).toEqual([
      [b.number, 'acc'],
      [a.number, 'acc'],
      [a.number, 'loss'],
    ])
  })

  test('reads all runs that are not in memory at once', async () => {
    const runs = await Promise.all(steps(0, 30).map(() => world.makeRun()))
    await Promise.all(runs.map((run) => send(run, randomUUID(), 1, [{ step: [1], m: { loss: [run.number] } }])))
    store.dropHeads()
    const loads = vi.spyOn(database.sql, 'begin')
    expect(await chart(runs, ['loss'])).toHaveLength(30)
    expect(loads).toHaveBeenCalledTimes(1)
    loads.mockRestore()
    store.dropHeads()
    const both = await Promise.all([chart(runs, ['loss']), chart(runs.slice(0, 10), ['loss'])])
    expect(both.map((drawn) => drawn.length)).toEqual([30, 10])
  })
})

test('the values at a step are the last at or before it, per metric', async () => {
  const run = await world.makeRun()
  await send(run, randomUUID(), 1, [
    { step: [1, 2, 3], m: { loss: [1, 2, 3] } },
    { step: [2], m: { 'eval/acc': [0.5], 'system/node/cpu': [9] } },
    { step: [5], m: { late: [5] } },
  ])
  const names = await database.sql<
    { id: number; name: string }[]
  >`select id, name from metric_keys where workspace_id = ${world.workspaceId}`
  const values = await store.valuesAt(run.id, [3, 9, 0, 1, 3])
  const named = (of: Map<number, number>) =>
    Object.fromEntries([...of].map(([id, value]) => [names.find((k) => k.id === id)?.name, value]))
  const atThree = { loss: 3, 'eval/acc': 0.5 }
  expect(values.map(named)).toEqual([atThree, { ...atThree, late: 5 }, {}, { loss: 1 }, atThree])
})

test('points and the newest write are told per run', async () => {
  const run = await world.makeRun()
  const empty = await world.makeRun()
  const before = Date.now()
  await send(run, randomUUID(), 1, [{ step: [1, 2, 3], m: { loss: [1, 2, 3], lr: [1, null, 3] } }])
  expect(await store.points([run.id, empty.id])).toEqual(new Map([[run.id, 5]]))
  expect(await store.lastWrite([run.id, empty.id])).toBeGreaterThanOrEqual(before)
  expect(await store.lastWrite([empty.id])).toBeNull()
})

describe('what is written behind', () => {
  test('brings the run up to date: last step, tokens, contact; a lost run runs again', async () => {
    const run = await world.makeRun()
    await database.sql`update runs set state = 'lost' where id = ${run.id}`
    await send(run, randomUUID(), 1, [
      { step: [1, 7], m: { tokens: [512, 4096], loss: [1, 2] } },
      { step: [90_000], m: { 'system/node/cpu': [1] } },
    ])
    await store.flush()
    const rows = await database.sql<{ contact: boolean }[]>`
      select state, last_step, tokens, last_contact_at is not null as contact from runs where id = ${run.id}`
    expect(rows).toEqual([{ state: 'running', last_step: 7, tokens: 4096, contact: true }])
  })

  test('keeps NaN and infinities as they are', async () => {
    const run = await world.makeRun()
    await send(run, randomUUID(), 1, [{ step: [1, 2], m: { loss: ['Infinity', 'NaN'] } }])
    await store.flush()
    expect(await database.sql`select value, first_value, vmin from metric_latest where run_id = ${run.id}`).toEqual([
      { value: Number.NaN, first_value: Number.POSITIVE_INFINITY, vmin: null },
    ])
    const other = await openStore(database.sql)
    expect((await other.summaries(world.workspaceId, [run.id])).get(run.id)).toMatchObject([
      { first_value: 'Infinity', last_value: 'NaN', min: null },
    ])
    await other.close()
  })

  test('is told anew from the tail after a kill', async () => {
    const run = await world.makeRun()
    const killed = await openStore(database.sql)
    await killed.append(batchOf(world, run.id, randomUUID(), 1, { groups: [{ step: [1, 2], m: { loss: [1, 2] } }] }))
    // Never closed, never flushed: as if the process had ended here.
    const next = await openStore(database.sql)
    expect((await next.summaries(world.workspaceId, [run.id])).get(run.id)).toMatchObject([
      { key: 'loss', n: 2, last_value: 2 },
    ])
    await next.close()
    expect(await database.sql`select n, step from metric_latest where run_id = ${run.id}`).toEqual([{ n: 2, step: 2 }])
  })

  test('takes at most 5,000 rows at a time, and loses none', async () => {
    const run = await world.makeRun()
    const m = Object.fromEntries(steps(0, 7_000).map((i) => [`wide/${i}`, [i]]))
    await send(run, randomUUID(), 1, [{ step: [1], m }])
    const written = async () => {
      const rows = await database.sql<
        { n: number }[]
      >`select count(*)::int as n from metric_latest where run_id = ${run.id}`
      return rows[0]?.n ?? 0
    }
    await store.flush()
    await store.flush()
    expect(await written()).toBe(7_000)
  })
})
