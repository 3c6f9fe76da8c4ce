import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { Command } from 'commander'
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { allowHosts } from '#src/api/allowed-hosts.ts'
import { createDoors } from '#src/api/doors.ts'
import { registerExport } from '#src/cli/export.ts'
import { formatPlace } from '#src/core/metrics/export-place.ts'
import { placeOfCsvRow, placeOfJsonRow } from '#src/core/metrics/point-rows.ts'
import { dropRawBlocks, listRawSeries, noteRewrite } from '#src/db/queries/metrics/retention/drop-raw-blocks.ts'
import type { Actor } from '#src/services/actor.ts'
import type { BlobStore } from '#src/services/artifacts/blob-store.ts'
import { Refusal } from '#src/services/errors.ts'
import { openLiveHub } from '#src/services/live/live-hub.ts'
import { type OpenStore, openMetricStore } from '#src/services/metrics/open-store.ts'
import { SEAL_LIMITS } from '#src/services/metrics/seal/limits.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { readStored } from './stored-points.ts'
import { makeWorld, quiet, type World } from './world.ts'

/** Few points make many blocks. */
const SMALL = { ...SEAL_LIMITS, blockPoints: 16, levelledMin: 8 }

let database: TestDatabase
let world: World
let foreign: World
let store: OpenStore
let doors: ReturnType<typeof createDoors>
const actors = new Map<string, Actor>()
let visitor: Actor = { kind: 'anonymous' }
/** Points that exports took out of the store so far. */
let taken = 0

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
  foreign = await makeWorld(database.sql)
  store = await openMetricStore({ sql: database.sql, log: quiet, sealLimits: SMALL })
  actors.set('read', key('read', world))
  actors.set('ingest', key('ingest', world))
  actors.set('foreign', key('admin', foreign))
  doors = createDoors({
    services: {
      db: database.db,
      sql: database.sql,
      metrics: { ...store, raw: (...asked) => counted(store.raw(...asked)) },
      live: openLiveHub(quiet),
      blobs: {} as BlobStore,
      settings: { publicUrl: 'http://localhost', dataDir: '/nowhere' },
      log: quiet,
      now: () => new Date(),
    },
    hosts: allowHosts({ publicUrl: 'http://localhost', port: 80, more: [] }),
    getActor: async () => visitor,
    identify: async (token) => {
      const actor = actors.get(token ?? '')
      if (!actor) throw new Refusal('unauthenticated', 'Who?')
      return actor
    },
    closed: () => null,
  })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

/** Happens while an export is under way. */
let betweenPieces: (() => Promise<unknown>) | null = null
/** After so many points the store fails, for whoever reads it. */
let breakAfter = Number.POSITIVE_INFINITY

async function* counted(pieces: ReturnType<OpenStore['raw']>) {
  for await (const piece of pieces) {
    taken += piece.steps.length
    await betweenPieces?.()
    if (taken > breakAfter) throw new Error('The store broke.')
    yield piece
  }
}

function key(scope: 'read' | 'ingest' | 'admin', place: World): Actor {
  return {
    kind: 'apiKey',
    keyId: actors.size + 1,
    scope,
    workspaceId: place.workspaceId,
    workspaceSlug: place.slug,
    projectId: null,
    createdBy: 1,
    creatorRole: 'owner',
    name: scope,
  }
}

interface Row {
  run: number
  run_uid: string
  metric: string
  attempt: number
  step: number
  t: number
  value: number
  superseded?: boolean
}

type Format = 'csv' | 'jsonl' | 'parquet'
const FORMATS: readonly Format[] = ['csv', 'jsonl', 'parquet']

const ask = (path: string, token = 'read') =>
  doors.request(`http://localhost/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })

async function rowsOf(path: string, format: Format): Promise<Row[]> {
  const answer = await ask(`${path}${path.includes('?') ? '&' : '?'}format=${format}`)
  expect(answer.status).toBe(200)
  return readRows(await answer.arrayBuffer(), format)
}

async function readRows(bytes: ArrayBuffer, format: Format): Promise<Row[]> {
  if (format === 'parquet') {
    const rows = await parquetReadObjects({ file: bytes })
    return rows.map((row) => ({ ...row, step: Number(row.step), t: Number(row.t) }) as Row)
  }
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n')
  return format === 'csv' ? readCsv(lines) : lines.flatMap((line) => (line === '' ? [] : readJson(line)))
}

function readJson(line: string): Row {
  const row = JSON.parse(line)
  return { ...row, value: Number(row.value) }
}

/** Reads any CSV, so that quoting is tested and not assumed. */
function readCsv([head, ...lines]: string[]): Row[] {
  const names = (head ?? '').split(',')
  return lines.map((line) => {
    const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
      quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
    )
    const row = Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
    return {
      run: Number(row.run),
      run_uid: row.run_uid ?? '',
      metric: (row.metric ?? '').replace(/^'/, ''),
      attempt: Number(row.attempt),
      step: Number(row.step),
      t: Number(row.t),
      value: Number(row.value),
      ...(row.superseded !== undefined && { superseded: row.superseded === 'true' }),
    }
  })
}

type Run = Awaited<ReturnType<World['makeRun']>>
type Points = [step: number, t: number, value: number][]

/** JSON.stringify would write −0 as 0. */
const word = (v: number) => (Object.is(v, -0) ? '-0' : Number.isFinite(v) ? String(v) : `"${v}"`)

async function send(run: Run, attempt: number, metric: string, points: Points): Promise<void> {
  const column = (i: 0 | 1 | 2) => `[${points.map((point) => word(point[i])).join(',')}]`
  await store.append({
    workspaceId: world.workspaceId,
    projectId: world.projectId,
    runId: run.id,
    clientId: randomUUID(),
    seq: 1,
    attempt,
    fence: 0,
    body: Buffer.from(
      `{"groups":[{"step":${column(0)},"t":${column(1)},"m":{${JSON.stringify(metric)}:${column(2)}}}]}`,
    ),
  })
}

const expected = (run: Run, metric: string, attempt: number, points: Points, more: Partial<Row> = {}): Row[] =>
  points.map(([step, t, value]) => ({ run: run.number, run_uid: run.uid, metric, attempt, step, t, value, ...more }))

const ODD_VALUES: Points = [
  [0, 1_700_000_000_000, 0.1],
  [1, 1_700_000_000_001, Number.NaN],
  [2, 1_700_000_000_002, Infinity],
  [3, 1_700_000_000_003, -Infinity],
  [4, 1_700_000_000_004, -0],
  [5, 1_700_000_000_005, 0],
  [6, 1_700_000_000_006, 5e-324],
  [7, 1_700_000_000_007, Number.MAX_VALUE],
  [8, 1_700_000_000_008, -1 / 3],
  [2 ** 40, 2 ** 52, Math.fround(0.1)],
]

const ODD_KEY = '=sum(a,b)"c'

describe.each(FORMATS)('as %s', (format) => {
  test('the points are exactly those that were sent, in the order of metric, attempt and step', async () => {
    const run = await world.makeRun()
    await send(run, 1, 'train/loss', ODD_VALUES)
    await send(run, 1, 'train/loss', [[8, 9, 7]])
    await send(run, 1, ODD_KEY, [
      [3, 30, 1e21],
      [1, 10, -2],
    ]) // prettier-ignore
    const path = `/runs/${run.uid}/export/metrics`
    const all = [
      ...expected(run, ODD_KEY, 1, [
        [1, 10, -2],
        [3, 30, 1e21],
      ]), // prettier-ignore
      ...expected(
        run,
        'train/loss',
        1,
        ODD_VALUES.map((p) => (p[0] === 8 ? [8, 9, 7] : p)),
      ), // prettier-ignore
    ]
    expect(await rowsOf(path, format)).toEqual(all)
    store.dropHeads()
    expect(await rowsOf(path, format)).toEqual(all)
    await store.seal(run.id, true)
    expect(await rowsOf(`/projects/p/export/metrics?runs=${run.number}`, format)).toEqual(all)
  })

  test('a resumed run shows what charts show; with all attempts, the rest too, marked', async () => {
    const run = await world.makeRun()
    const first: Points = [
      [1, 1, 1],
      [2, 2, 2],
      [3, 3, 3],
    ] // prettier-ignore
    const second: Points = [
      [2, 12, 20],
      [3, 13, 30],
    ] // prettier-ignore
    await send(run, 1, 'loss', first)
    await send(run, 1, 'system/n/cpu', first)
    await store.startAttempt(run.id, 2, 2)
    await send(run, 2, 'loss', second)
    await send(run, 2, 'early', [[1, 1, 1]])
    const telemetry = expected(run, 'system/n/cpu', 1, first)
    expect(await rowsOf(`/runs/${run.uid}/export/metrics`, format)).toEqual([
      ...expected(run, 'loss', 1, first.slice(0, 1)),
      ...expected(run, 'loss', 2, second),
      ...telemetry,
    ])
    expect(await rowsOf(`/runs/${run.uid}/export/metrics?attempts=all`, format)).toEqual([
      ...expected(run, 'early', 2, [[1, 1, 1]], { superseded: true }),
      ...expected(run, 'loss', 1, first.slice(0, 1), { superseded: false }),
      ...expected(run, 'loss', 1, first.slice(1), { superseded: true }),
      ...expected(run, 'loss', 2, second, { superseded: false }),
      ...telemetry.map((row) => ({ ...row, superseded: false })),
    ])
  })

  test('metrics and steps are chosen, both ends included', async () => {
    const run = await world.makeRun()
    const points: Points = [1, 2, 3, 4, 5].map((i) => [i, i, i])
    for (const metric of ['a', 'b,c', 'd']) await send(run, 1, metric, points)
    const path = `/runs/${run.uid}/export/metrics?metrics=${encodeURIComponent('b\\,c,d,none')}&from=2&to=4`
    expect(await rowsOf(path, format)).toEqual(
      ['b,c', 'd'].flatMap((metric) => expected(run, metric, 1, points.slice(1, 4))),
    )
    expect(await rowsOf(`/runs/${run.uid}/export/metrics?metrics=none`, format)).toEqual([])
  })

  test('runs are those that are named, by number, and a deleted one is left out', async () => {
    const runs = await Promise.all([1, 2, 3, 4].map(() => world.makeRun()))
    for (const run of runs) await send(run, 1, 'loss', [[1, 1, run.number]])
    const [a, b, c, d] = runs.toSorted((x, y) => x.number - y.number) as [Run, Run, Run, Run]
    await database.sql`update runs set deleted_at = now() where id = ${b.id}`
    const rows = await rowsOf(`/projects/p/export/metrics?runs=${d.uid},${a.number}-${c.number},999999`, format)
    expect(rows.map((row) => row.run)).toEqual([a.number, c.number, d.number])
    expect((await rowsOf('/projects/p/export/metrics', format)).map((row) => row.run)).toEqual(
      expect.arrayContaining([a.number, c.number, d.number]),
    )
  })
})

test('points lie in blocks, in memory and over each other, and are sealed while they are exported: each is there once', async () => {
  for (let round = 0; round < 12; round++) {
    const run = await world.makeRun()
    const draw = (below: number) => Math.floor(Math.random() * below)
    for (const attempt of [1, 2]) {
      if (attempt > 1) await store.startAttempt(run.id, attempt, draw(600))
      for (let batch = 0; batch < 8; batch++) {
        const from = draw(4) === 0 ? draw(600) : batch * 90
        const points: Points = Array.from({ length: 10 + draw(150) }, (_, i) => [from + i, draw(1e6), Math.random()])
        for (const metric of ['a', 'b'].slice(draw(2))) await send(run, attempt, metric, points)
        if (draw(3) === 0) await store.seal(run.id, draw(2) === 0)
        if (draw(5) === 0) store.dropHeads()
      }
    }
    const names = await database.sql<{ id: number; name: string }[]>`
      select id, name from metric_keys where workspace_id = ${world.workspaceId}`
    const nameOf = new Map(names.map(({ id, name }) => [id, name]))
    const all = [...(await readStored(database.sql, run.id))].flatMap(([series, points]) => {
      const [attempt, id] = series.split(':').map(Number) as [number, number]
      return [...points.values()].map(({ step, time, value }) => [nameOf.get(id), attempt, step, time, value])
    })
    const sorted = (rows: typeof all) => rows.map((row) => JSON.stringify(row)).sort()
    let pieces = 0
    betweenPieces = async () => (++pieces % 2 === 0 ? await store.seal(run.id, round % 2 === 0) : null)
    const rows = await rowsOf(`/runs/${run.uid}/export/metrics?attempts=all`, FORMATS[round % 3] as Format)
    betweenPieces = null
    expect(sorted(rows.map((row) => [row.metric, row.attempt, row.step, row.t, row.value]))).toEqual(sorted(all))
    const places = rows.map(({ metric, attempt, step }) => `${metric}:${attempt}:${String(step).padStart(9, '0')}`)
    expect(places).toEqual(places.toSorted())
    const shown = await rowsOf(`/runs/${run.uid}/export/metrics`, 'csv')
    expect(shown).toEqual(rows.filter((row) => !row.superseded).map(({ superseded: _, ...row }) => row))
    const { series } = await store.draw({
      ...CHART,
      workspaceId: world.workspaceId,
      runs: [{ ...run, startedAtMs: null }],
    })
    expect(series.map((line) => line.n)).toEqual(
      ['a', 'b'].map((metric) => shown.filter((row) => row.metric === metric).length),
    )
  }
}, 60_000)

/** All points of both metrics. */
const CHART = { metrics: ['a', 'b'], x: 'step', px: 800, superseded: false } as const

describe('a download that broke off', () => {
  let run: Run
  let other: Run
  beforeAll(async () => {
    run = await world.makeRun()
    other = await world.makeRun()
    for (const metric of ['loss', ODD_KEY, 'system/n/cpu'])
      for (const attempt of [1, 2])
        await send(
          run,
          attempt,
          metric,
          Array.from({ length: 40 }, (_, i) => [i * 3 + attempt, i, Math.random()]),
        )
    await store.startAttempt(run.id, 2, 50)
    await send(other, 1, 'loss', ODD_VALUES)
  })

  test.each(['csv', 'jsonl'] as const)('goes on after any row of %s as if nothing had happened', async (format) => {
    for (const attempts of ['view', 'all']) {
      const path = `/projects/p/export/metrics?runs=${run.number},${other.number}&attempts=${attempts}&format=${format}`
      const whole = await (await ask(path)).text()
      const ends = [...whole.matchAll(/\n/g)].map((match) => (match.index ?? 0) + 1)
      for (const end of ends.slice(format === 'csv' ? 1 : 0)) {
        const kept = whole.slice(0, end)
        const line = kept.trimEnd().split('\n').at(-1) ?? ''
        const place = format === 'csv' ? placeOfCsvRow(line) : placeOfJsonRow(line)
        if (!place) throw new Error(`no place in ${line}`)
        const rest = await ask(`${path}&header=false&cursor=${encodeURIComponent(formatPlace(place))}`)
        expect(kept + (await rest.text())).toBe(whole)
      }
    }
  })

  test('parts of Parquet join to the whole: each but the last says where the next one begins', async () => {
    const path = `/projects/p/export/metrics?runs=${run.number},${other.number}&attempts=all&format=parquet`
    const whole = await readRows(await (await ask(path)).arrayBuffer(), 'parquet')
    const parts: Row[] = []
    let cursor: string | undefined
    do {
      const asked = cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`
      const bytes = await (await ask(`${asked}&limit=37`)).arrayBuffer()
      const part = await readRows(bytes, 'parquet')
      expect(part.length).toBeLessThanOrEqual(37)
      parts.push(...part)
      const notes = (await parquetMetadataAsync(bytes)).key_value_metadata ?? []
      cursor = notes.find((note) => note.key === 'descent.next_cursor')?.value
    } while (cursor !== undefined)
    expect(parts).toEqual(whole)
  })
})

describe('asking', () => {
  test('needs the right to read metrics, and learns nothing of what is foreign', async () => {
    const run = await world.makeRun()
    const statusOf = async (path: string, token: string) => (await ask(path, token)).status
    for (const path of [`/runs/${run.uid}/export/metrics`, '/projects/p/export/metrics']) {
      expect(await statusOf(path, 'ingest')).toBe(403)
      expect(await statusOf(path, 'nobody')).toBe(401)
    }
    const [hidden, absent] = await Promise.all([
      ask(`/runs/${run.uid}/export/metrics`, 'foreign'),
      ask(`/runs/${randomUUID()}/export/metrics`),
    ])
    expect([hidden.status, absent.status]).toEqual([404, 404])
    expect((await hidden.json()).detail).toBe((await absent.json()).detail)
    expect((await ask(`/projects/p/export/metrics?runs=${run.number}`, 'foreign')).status).toBe(404)
    expect((await ask('/projects/elsewhere/export/metrics')).status).toBe(404)
  })

  test.each([
    ['runs=5-1', 400],
    ['runs=what', 400],
    ['runs=9999999', 404],
    ['cursor=what', 400],
    ['from=2&to=1', 400],
    ['format=xls', 400],
    ['limit=0', 400],
    ['attempts=some', 400],
  ])('with %s is %i', async (query, status) => {
    expect((await ask(`/projects/p/export/metrics?${query}`)).status).toBe(status)
  })

  test('a file has a name and a type, and says which runs were thinned', async () => {
    const run = await world.makeRun()
    await database.sql`update runs set thinned_at = now(), thinned_attempt = 1 where id = ${run.id}`
    const { headers } = await ask(`/projects/p/export/metrics?runs=${run.number}&format=jsonl`)
    expect(headers.get('content-type')).toBe('application/x-ndjson')
    expect(headers.get('content-disposition')).toBe(`attachment; filename="p-run-${run.number}.jsonl"`)
    expect(headers.get('x-thinned-runs')).toBe(String(run.number))
    const parquet = await ask(`/projects/p/export/metrics?runs=${run.number}&format=parquet`)
    const { key_value_metadata: notes } = await parquetMetadataAsync(await parquet.arrayBuffer())
    expect(notes).toEqual([{ key: 'descent.thinned_runs', value: String(run.number) }])
  })

  test('of a thinned run what is left is exported, and never a mean instead of a point', async () => {
    const run = await world.makeRun()
    const points: Points = Array.from({ length: 100 }, (_, i) => [i, i, Math.random()])
    await send(run, 1, 'loss', points)
    await store.seal(run.id, true)
    expect(await rowsOf(`/runs/${run.uid}/export/metrics`, 'csv')).toHaveLength(100)
    await database.sql.begin(async (tx) => {
      for (const series of await listRawSeries(tx, run.id, 1))
        await dropRawBlocks(tx, run.id, series, { from: 2, to: series.end })
      await noteRewrite(tx, run.id)
    })
    store.forget([run.id])
    // 100 points are six whole blocks, of which the first two are left, and one of four points, which has no levels.
    const left = [...points.slice(0, 32), ...points.slice(96)]
    for (const format of FORMATS)
      expect(await rowsOf(`/runs/${run.uid}/export/metrics`, format)).toEqual(expected(run, 'loss', 1, left))
  })

  test('a page of this server asks with its cookie; another page, a program or a stranger is refused', async () => {
    const run = await world.makeRun()
    await send(run, 1, 'loss', [[1, 2, 3]])
    const path = `http://localhost/api/screen/export?workspace=${world.slug}&project=p&runs=${run.number}`
    const own = { host: 'localhost', 'sec-fetch-site': 'same-origin' }
    expect((await doors.request(path, { headers: own })).status).toBe(401)
    visitor = userOf(world)
    const answer = await doors.request(path, { headers: own })
    expect([answer.status, await answer.text()]).toEqual([
      200,
      `run,run_uid,metric,attempt,step,t,value\n${run.number},${run.uid},loss,1,1,2,3\n`,
    ])
    expect((await doors.request(path, { headers: { ...own, 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
    expect((await doors.request(path, { headers: { host: 'localhost' } })).status).toBe(403)
    expect((await doors.request(path, { method: 'POST', headers: own })).status).toBe(405)
    visitor = userOf(foreign)
    expect((await doors.request(path, { headers: own })).status).toBe(404)
  })
})

function userOf(place: World): Actor {
  return {
    kind: 'user',
    userId: 1,
    sessionId: 1,
    name: 'A',
    isInstanceAdmin: false,
    memberships: [{ workspaceId: place.workspaceId, slug: place.slug, name: 'Test', role: 'viewer' }],
  }
}

test('a reader that takes nothing holds the export back, and gets all of it once it reads', async () => {
  const run = await world.makeRun()
  const [metrics, steps] = [8, 50_000]
  const points: Points = Array.from({ length: steps }, (_, i) => [i, 1_700_000_000_000 + i, i / 3])
  for (let metric = 0; metric < metrics; metric++) await send(run, 1, `loss/${metric}`, points)
  const server = await serve()
  try {
    const before = taken
    const reader = await openSlowly(server.port, `/api/v1/runs/${run.uid}/export/metrics`)
    await pause(1_500)
    expect(server.answers[0]?.writableLength).toBeLessThan(512 * 1024)
    // What the system's own buffers hold is all that was made ahead.
    expect(taken - before).toBeLessThan((metrics * steps) / 2)
    let lines = 0
    for await (const chunk of reader) for (const byte of chunk as Buffer) if (byte === 10) lines++
    expect(lines).toBe(metrics * steps + 1)
  } finally {
    server.close()
  }
})

test.each(FORMATS)(
  'what goes wrong in the middle breaks the connection of %s: no part is taken for the whole',
  async (format) => {
    const run = await world.makeRun()
    for (const metric of ['a', 'b'])
      await send(
        run,
        1,
        metric,
        Array.from({ length: 40_000 }, (_, i) => [i, i, i / 3]),
      )
    const server = await serve()
    try {
      breakAfter = taken + 60_000
      const reader = await openSlowly(server.port, `/api/v1/runs/${run.uid}/export/metrics?format=${format}`)
      expect(reader.statusCode).toBe(200)
      let bytes = 0
      const read = async () => {
        for await (const chunk of reader) bytes += (chunk as Buffer).length
      }
      await expect(read()).rejects.toThrow('aborted')
      expect(bytes).toBeGreaterThan(10_000)
    } finally {
      breakAfter = Number.POSITIVE_INFINITY
      server.close()
    }
  },
)

/** The doors at a port. */
async function serve() {
  const answers: ServerResponse[] = []
  const listener = getRequestListener((request, env) => doors.fetch(request, env), { overrideGlobalObjects: false })
  const server = createServer((incoming, outgoing) => {
    answers.push(outgoing)
    void listener(incoming, outgoing)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    answers,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function openSlowly(port: number, path: string): Promise<IncomingMessage> {
  const request = openRequest({ port, host: '127.0.0.1', path, headers: { authorization: 'Bearer read' } }).end()
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  return answer
}

describe('descent export metrics', () => {
  let server: Awaited<ReturnType<typeof serve>>
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-export-'))
  beforeAll(async () => {
    server = await serve()
    vi.stubEnv('DESCENT_API_KEY', 'read')
  })
  afterAll(() => {
    server.close()
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  const descent = async (...options: string[]) => {
    const program = new Command().exitOverride()
    registerExport(program)
    const place = ['--server', `http://127.0.0.1:${server.port}`, '--project', 'p']
    await program.parseAsync(['node', 'descent', 'export', 'metrics', ...place, ...options])
  }

  test.each(FORMATS)('writes %s as the door gives it', async (format) => {
    const run = await world.makeRun()
    await send(run, 1, 'loss', ODD_VALUES)
    const file = path.join(folder, `points.${format}`)
    await descent('--run', String(run.number), '--format', format, '-o', file)
    const bytes = new Uint8Array(readFileSync(file)).buffer
    expect(await readRows(bytes, format)).toEqual(expected(run, 'loss', 1, ODD_VALUES))
  })

  test.each(['csv', 'jsonl'] as const)('goes on with --resume wherever a file of %s ends', async (format) => {
    const run = await world.makeRun()
    for (const metric of ['loss', ODD_KEY, 'größe'])
      await send(
        run,
        1,
        metric,
        Array.from({ length: 4 }, (_, i) => [i, i, i / 3]),
      )
    const file = path.join(folder, `cut.${format}`)
    const options = ['--run', String(run.number), '--format', format, '-o', file]
    await descent(...options)
    const whole = readFileSync(file)
    for (let end = 0; end <= whole.length; end += 13) {
      writeFileSync(file, whole.subarray(0, end))
      await descent(...options, '--resume')
      expect(readFileSync(file).equals(whole), `cut at ${end}`).toBe(true)
    }
  })

  test('does not go on in a file that something else wrote, or with other options', async () => {
    const run = await world.makeRun()
    await send(run, 1, 'loss', [[1, 1, 1]])
    const file = path.join(folder, 'other.csv')
    const options = ['--run', String(run.number), '-o', file]
    await descent(...options)
    await expect(descent(...options, '--resume', '--attempts', 'all')).rejects.toThrow('does not begin as an export')
    writeFileSync(file, 'a\nb\n')
    await expect(descent(...options, '--resume', '--format', 'jsonl')).rejects.toThrow('no row of an export')
    await expect(descent(...options, '--resume', '--format', 'parquet')).rejects.toThrow('whole or not there')
    expect(readFileSync(file, 'utf8')).toBe('a\nb\n')
  })

  test('says what the server said', async () => {
    await expect(descent('--run', '999999')).rejects.toThrow('Run 999999 does not exist')
  })
})
