/**
 * Any history of a run reads back as a plain map of it: batches that come again, out of order, twice on one step, from several
 * processes and attempts, sealed at any moment, with caches dropped and connections killed in the middle of a seal.
 */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attemptView } from '#src/core/metrics/attempt-view.ts'
import { writeBinaryBatch } from '#src/core/metrics/binary-batch.ts'
import type { ChartLine } from '#src/protocol/chart-body.ts'
import type { WriteRoute } from '#src/services/metrics/commit-queues.ts'
import { type OpenStore, openMetricStore } from '#src/services/metrics/open-store.ts'
import { SEAL_LIMITS, type SealLimits } from '#src/services/metrics/seal/limits.ts'
import { sealRun } from '#src/services/metrics/seal/seal-run.ts'
import type { WriteBody } from '#src/services/metrics/store-batches.ts'
import { CITUS_URL, citusDatabase } from '#test/setup/citus.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { dyingClient } from './dying-client.ts'
import { findFaults, readStored } from './stored-points.ts'
import { batchOf, makeWorld, quiet, type World, wireValue } from './world.ts'

/** On a cluster only the second runs, and there its groups go to the nodes. */
const WRITE_BODIES: readonly WriteBody[] = CITUS_URL ? ['values'] : ['select', 'values']
const HISTORIES = Number(process.env.HISTORIES ?? 110)

/** Blocks of 32 points, so that few points make three levels, and short blocks of up to 7. */
const SMALL: SealLimits = { ...SEAL_LIMITS, blockPoints: 32, levelledMin: 8 }

let database: TestDatabase & { route?: WriteRoute }
let world: World

beforeAll(async () => {
  database = CITUS_URL ? await citusDatabase() : await testDatabase()
  world = await makeWorld(database.sql)
})
afterAll(() => database.drop())

const KEYS = ['a', 'b', 'c']

type Step =
  | {
      do: 'write'
      writer: number
      n: number
      order: 'next' | 'irregular' | 'descending' | 'gap'
      back: number
      keys: number
      hasTimes: boolean
      isBinary: boolean
      seed: number
    }
  | { do: 'resend'; which: number }
  | { do: 'seal'; isForced: boolean; piecePoints: number | null }
  | { do: 'crash'; at: number; isForced: boolean }
  | { do: 'drop' }
  | { do: 'attempt'; back: number }
  | { do: 'look' }

const rarely = <T>(value: fc.Arbitrary<T>, otherwise: T, oneIn: number) =>
  fc.oneof({ arbitrary: fc.constant(otherwise), weight: oneIn - 1 }, { arbitrary: value, weight: 1 })

const write: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('write' as const),
  writer: rarely(fc.integer({ min: 1, max: 2 }), 0, 4),
  n: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 260 })),
  order: fc.oneof(
    { arbitrary: fc.constant('next' as const), weight: 4 },
    { arbitrary: fc.constantFrom('irregular' as const, 'descending' as const, 'gap' as const), weight: 3 },
  ),
  back: rarely(fc.integer({ min: 1, max: 400 }), 0, 5),
  keys: rarely(fc.integer({ min: 1, max: 6 }), 7, 3),
  hasTimes: rarely(fc.constant(false), true, 5),
  isBinary: fc.boolean(),
  seed: fc.nat(1e6),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: write, weight: 10 },
  { arbitrary: fc.record({ do: fc.constant('resend' as const), which: fc.nat(40) }), weight: 2 },
  {
    arbitrary: fc.record({
      do: fc.constant('seal' as const),
      isForced: rarely(fc.constant(true), false, 4),
      piecePoints: rarely<number | null>(fc.integer({ min: 1, max: 300 }), null, 4),
    }),
    weight: 5,
  },
  {
    arbitrary: fc.record({ do: fc.constant('crash' as const), at: fc.nat(16), isForced: fc.boolean() }),
    weight: 2,
  },
  { arbitrary: fc.constant<Step>({ do: 'drop' }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('attempt' as const), back: fc.nat(200) }), weight: 1 },
  { arbitrary: fc.constant<Step>({ do: 'look' }), weight: 1 },
)

interface Point {
  step: number
  /** What was sent, or when it was received. */
  time: number | { from: number; to: number }
  value: number
}

interface Row {
  stream: number
  seq: number
  attempt: number
  points: [key: string, point: Point][]
}

/** The plain model: what was sealed, and what was not, with the rules of which point wins. */
class Model {
  readonly sealed = new Map<string, Map<number, Point>>()
  rows: Row[] = []
  readonly starts = [{ attempt: 1, firstStep: 0 }]

  seal(isGone: (row: Row) => boolean): void {
    overlay(this.sealed, this.rows.filter(isGone))
    this.rows = this.rows.filter((row) => !isGone(row))
  }

  points(): Map<string, Map<number, Point>> {
    const all = new Map([...this.sealed].map(([key, points]) => [key, new Map(points)]))
    overlay(all, this.rows)
    return all
  }

  /** What a chart shows: each attempt from its first step up to that of a later one. */
  shown(key: string): Point[] {
    const view = attemptView(this.starts)
    const points = this.points()
    return this.starts
      .flatMap(({ attempt }) => {
        const { from, to } = view(attempt)
        return [...(points.get(`${attempt}:${key}`)?.values() ?? [])].filter((p) => p.step >= from && p.step < to)
      })
      .toSorted((a, b) => a.step - b.step)
  }
}

function overlay(onto: Map<string, Map<number, Point>>, rows: readonly Row[]): void {
  for (const row of rows.toSorted((a, b) => a.stream - b.stream || a.seq - b.seq))
    for (const [key, point] of row.points) {
      const name = `${row.attempt}:${key}`
      const points = onto.get(name) ?? new Map<number, Point>()
      onto.set(name, points.set(point.step, point))
    }
}

const tally = { resent: 0, sealed: 0, rewrites: 0, crashed: 0, survived: 0, points: 0, charts: 0 }

/** One history on a run of its own. */
class History {
  readonly #store: OpenStore
  readonly #runId: number
  readonly #model = new Model()
  readonly #sent: Parameters<OpenStore['append']>[0][] = []
  readonly #writers = new Map<string, { id: string; stream: number; seq: number }>()
  readonly #next = [0, 0, 0]
  #attempt = 1
  /** Points per key, overwritten ones included. */
  #written = 0

  constructor(store: OpenStore, runId: number) {
    this.#store = store
    this.#runId = runId
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'write':
        return this.#write(step)
      case 'resend':
        return this.#resend(step.which)
      case 'seal':
        return this.#seal(step.isForced, step.piecePoints)
      case 'crash':
        return this.#crash(step.at, step.isForced)
      case 'drop':
        return this.#store.dropHeads()
      case 'attempt': {
        const firstStep = Math.max(0, Math.max(...this.#next) - step.back)
        this.#model.starts.push({ attempt: ++this.#attempt, firstStep })
        this.#next.fill(firstStep)
        return this.#store.startAttempt(this.#runId, this.#attempt, firstStep)
      }
      case 'look':
        return this.look()
    }
  }

  async #write({ writer, n, order, back, keys, hasTimes, isBinary, seed }: Extract<Step, { do: 'write' }>) {
    const random = generator(seed)
    let at = Math.max(0, (this.#next[writer] as number) - back) + (order === 'gap' ? 1 + Math.floor(random() * 50) : 0)
    const steps: number[] = []
    for (let i = 0; i < n; i++) {
      steps.push(at)
      at += order === 'irregular' ? Math.floor(random() * 3) : 1
    }
    this.#next[writer] = at
    this.#written += n
    if (order === 'descending') steps.reverse()
    const times = steps.map((s) => 1.7e12 + s * 100 + Math.floor(random() * 30))
    const columns = KEYS.filter((_, k) => (keys >> k) % 2 === 1).map((key, k) => ({
      key,
      values: steps.map(() => anyValue(random, k)),
    }))
    const name = `${writer}:${this.#attempt}`
    const client = this.#writers.get(name) ?? { id: randomUUID(), stream: this.#writers.size + 1, seq: 0 }
    this.#writers.set(name, client)
    const seq = ++client.seq
    const body = isBinary
      ? writeBinaryBatch([
          {
            steps: Float64Array.from(steps),
            times: hasTimes ? Float64Array.from(times) : null,
            keys: columns.map(({ key, values }) => ({ key, values: Float64Array.from(values) })),
          },
        ])
      : Buffer.from(jsonBody(steps, hasTimes ? times : null, columns))
    const format = isBinary ? ('binary' as const) : ('json' as const)
    const batch = batchOf(world, this.#runId, client.id, seq, null, { attempt: this.#attempt, body, format })
    this.#sent.push(batch)
    const from = Date.now()
    const { dup, written } = await this.#store.append(fresh(batch))
    const to = Date.now()
    expect({ dup, written }).toEqual({ dup: false, written: n * columns.length })
    this.#model.rows.push({
      stream: client.stream,
      seq,
      attempt: this.#attempt,
      points: columns.flatMap(({ key, values }) =>
        steps.map((step, i): [string, Point] => [
          key,
          { step, time: hasTimes ? (times[i] as number) : { from, to }, value: values[i] as number },
        ]),
      ),
    })
  }

  async #resend(which: number): Promise<void> {
    const batch = this.#sent[which % (this.#sent.length || 1)]
    if (!batch) return
    expect(await this.#store.append(fresh(batch))).toMatchObject({ dup: true, written: 0 })
    tally.resent++
  }

  async #seal(isForced: boolean, piecePoints: number | null): Promise<void> {
    // A piece is sealed as by another process: the store learns of it from the tables.
    const outcome = piecePoints
      ? await sealRun(database.sql, this.#runId, { isForced, limits: { ...SMALL, piecePoints } })
      : await this.#store.seal(this.#runId, isForced)
    if (piecePoints) this.#store.noteForeignWrites([this.#runId])
    if (!outcome) return
    const gone = new Set(outcome.gone.map(({ stream, seq }) => `${stream}:${seq}`))
    this.#model.seal((row) => gone.has(`${row.stream}:${row.seq}`))
    tally.sealed++
    tally.rewrites = Math.max(tally.rewrites, outcome.rewrites)
  }

  async #crash(at: number, isForced: boolean): Promise<void> {
    const before = await this.#tables()
    const dying = dyingClient(database.sql, at)
    const outcome = await sealRun(dying.sql, this.#runId, { isForced, limits: SMALL }).catch(() => 'died' as const)
    this.#store.noteForeignWrites([this.#runId])
    if (outcome === 'died') {
      expect(dying.wasKilled()).toBe(true)
      expect(await this.#tables()).toEqual(before)
      tally.crashed++
      return
    }
    tally.survived++
    const gone = new Set(outcome?.gone.map(({ stream, seq }) => `${stream}:${seq}`))
    this.#model.seal((row) => gone.has(`${row.stream}:${row.seq}`))
  }

  async #tables(): Promise<unknown> {
    const { sql } = database
    const run = this.#runId
    return Promise.all([
      sql`select stream, seq, md5(data) from metric_tail where run_id = ${run} order by 1, 2`,
      sql`select metric_id, attempt, level, no, axis, md5(data) from metric_block where run_id = ${run} order by 1, 2, 3, 4`,
      sql`select * from metric_series where run_id = ${run} order by metric_id, attempt`,
      sql`select stream, sealed::text from metric_stream where run_id = ${run} order by 1`,
      sql`select * from metric_seal where run_id = ${run}`,
    ])
  }

  /** Both readers have what the model has. */
  async look(): Promise<void> {
    const stored = await readStored(database.sql, this.#runId)
    const names = await keyNames()
    const expected = this.#model.points()
    expect([...stored.keys()].map((key) => named(key, names)).toSorted()).toEqual([...expected.keys()].toSorted())
    for (const [key, points] of stored) {
      const wanted = expected.get(named(key, names)) ?? new Map<number, Point>()
      expect(points.size).toBe(wanted.size)
      for (const [at, point] of points) {
        const want = wanted.get(at)
        const isRight = want && Object.is(want.value, point.value) && isTime(want.time, point.time)
        if (!isRight) expect({ key, ...point }).toEqual({ key, ...want })
        tally.points++
      }
    }
    for (const key of KEYS) await this.#lookAtChart(key, 1e6)
  }

  async #lookAtChart(key: string, px: number): Promise<void> {
    const shown = this.#model.shown(key)
    const drawn = await this.#store.draw({
      workspaceId: world.workspaceId,
      runs: [{ id: this.#runId, number: 1, uid: '', startedAtMs: null }],
      metrics: [key],
      x: 'step',
      px,
      superseded: false,
    })
    const [line] = drawn.series
    tally.charts++
    if (!line) return expect(shown).toEqual([])
    // At most so many points lie in a bucket when there is to be one for each pixel; overwritten ones may count.
    const together = 8 ** Math.max(0, Math.floor(Math.log(this.#written / px) / Math.log(8)))
    expect({ px, faults: chartFaults(shown, line, drawn.grid, together) }).toEqual({ px, faults: [] })
  }

  /** In the end all is sealed, also to the last point, and nothing that is told of it is wrong. */
  async end(): Promise<void> {
    await this.look()
    for (const px of [3, 20, 90]) for (const key of KEYS) await this.#lookAtChart(key, px)
    await this.#seal(false, null)
    await this.look()
    await this.#seal(true, null)
    expect(await findFaults(database.sql, this.#runId, SMALL)).toEqual([])
    const [left] = await database.sql<
      { n: number }[]
    >`select count(*) as n from metric_tail where run_id = ${this.#runId}`
    expect(left?.n).toBe(0)
    this.#store.dropHeads()
    await this.look()
    for (const px of [3, 20, 90]) for (const key of KEYS) await this.#lookAtChart(key, px)
    for (let i = 0; i < Math.min(3, this.#sent.length); i++) await this.#resend(i)
  }
}

/**
 * An exact line has every point. In a reduced one a bucket of up to `together` points stands at its first step, so an extreme may lie
 * to the left of its point: what a pixel shows is of points from its first to so many behind its last, and a point is nowhere beyond
 * what is shown from the pixel of so many points before it up to its own. The extremes of the whole are exact.
 */
function chartFaults(
  shown: Point[],
  line: ChartLine,
  grid: { x0: number; dx: number } | null,
  together: number,
): string[] {
  const faults: string[] = []
  if (line.exact) {
    const told = Array.from(line.x, (x, i) => `${x}=${String(line.y[i])}`)
    const want = shown.map((p) => `${p.step}=${String(p.value)}`)
    return told.join() === want.join() ? [] : [`an exact line of ${told.length} points, not ${want.length}`]
  }
  if (!grid || !line.min || !line.max) return ['a reduced line without grid or extremes']
  const narrow = (v: number) => Math.fround(v - line.base)
  const pixel = (x: number) => Math.floor((x - grid.x0) / grid.dx)
  const pixels = shown.map((p) => pixel(p.step))
  const values = shown.map((p) => p.value)
  const drawn = Array.from(line.x, pixel)
  const finite = (from: number, to: number) => values.slice(from, to).filter(Number.isFinite).map(narrow)
  for (const [i, at] of drawn.entries()) {
    const near = finite(pixels.indexOf(at), pixels.lastIndexOf(at) + together)
    if ((line.min[i] as number) < Math.min(...near) || (line.max[i] as number) > Math.max(...near))
      faults.push(`pixel ${at} shows more than its points`)
  }
  for (const [j, value] of values.entries()) {
    if (!Number.isFinite(value)) continue
    const from = pixels[Math.max(0, j - together + 1)] as number
    const isShown = drawn.some(
      (at, i) =>
        at >= from &&
        at <= (pixels[j] as number) &&
        narrow(value) >= (line.min?.[i] as number) &&
        narrow(value) <= (line.max?.[i] as number),
    )
    if (!isShown) faults.push(`the point at step ${shown[j]?.step} lies beyond its pixel`)
  }
  const all = finite(0, values.length)
  if (Math.min(...all) !== Math.min(...line.min) || Math.max(...all) !== Math.max(...line.max))
    faults.push('the extremes of the whole are others')
  return faults
}

describe.each(WRITE_BODIES)('a run whose batches are stored by "%s"', (writeBody) => {
  test('reads back as a plain map, whatever happened', async () => {
    const store = await openMetricStore({
      sql: database.sql,
      log: quiet,
      writeBody,
      ...database.route,
      sealLimits: SMALL,
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 22 }), async (steps) => {
        const run = await world.makeRun()
        const history = new History(store, run.id)
        for (const step of steps) await history.take(step)
        await history.end()
      }),
      { numRuns: HISTORIES, endOnFailure: true, ...(process.env.SEED && { seed: Number(process.env.SEED) }) },
    )
    await store.close()
    // Else the histories would not have tried what they are for.
    expect(Math.min(...Object.values(tally))).toBeGreaterThan(HISTORIES / 55)
  }, 120_000)
})

/** Values of one kind per key: doubles, 32-bit floats, decimals; and what is no finite number. */
function anyValue(random: () => number, kind: number): number {
  const x = random()
  if (x < 0.02) return [Number.NaN, Infinity, -Infinity, -0, 0][Math.floor(x * 250)] as number
  const value = (x - 0.5) * 20
  return kind === 0 ? value : kind === 1 ? Math.fround(value) : Math.round(value * 1e4) / 1e4
}

function generator(seed: number): () => number {
  let state = seed + 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** By hand, since JSON.stringify writes −0 as 0. */
function jsonBody(steps: number[], times: number[] | null, columns: { key: string; values: number[] }[]): string {
  const value = (v: number) => (Object.is(v, -0) ? '-0' : JSON.stringify(wireValue(v)))
  const m = columns.map(({ key, values }) => `"${key}":[${values.map(value).join(',')}]`)
  return `{"groups":[{"step":[${steps}],${times ? `"t":[${times}],` : ''}"m":{${m.join(',')}}}]}`
}

/** The store keeps the bytes that it is given. */
const fresh = (batch: Parameters<OpenStore['append']>[0]) => ({ ...batch, body: Buffer.from(batch.body) })

const isTime = (want: Point['time'], time: number) =>
  typeof want === 'number' ? want === time : time >= want.from - 1 && time <= want.to + 1

async function keyNames(): Promise<Map<number, string>> {
  const rows = await database.sql<{ id: number; name: string }[]>`
    select id, name from metric_keys where workspace_id = ${world.workspaceId}`
  return new Map(rows.map((row) => [row.id, row.name]))
}

const named = (key: string, names: ReadonlyMap<number, string>) => {
  const [attempt, id] = key.split(':')
  return `${attempt}:${names.get(Number(id))}`
}
