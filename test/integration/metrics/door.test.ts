import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createV1 } from '#src/api/v1/app.ts'
import { chartRoutes } from '#src/api/v1/chart.ts'
import { logsRoutes } from '#src/api/v1/logs.ts'
import { metricsRoutes } from '#src/api/v1/metrics.ts'
import type { KeyScope } from '#src/core/roles/permissions.ts'
import type { Actor } from '#src/services/actor.ts'
import type { BlobStore } from '#src/services/artifacts/blob-store.ts'
import { Refusal } from '#src/services/errors.ts'
import { openLiveHub } from '#src/services/live/live-hub.ts'
import type { OpenStore } from '#src/services/metrics/open-store.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { float64s, makeWorld, openStore, quiet, type World } from './world.ts'

let database: TestDatabase
let world: World
let foreign: World
let store: OpenStore
let door: ReturnType<typeof createV1>
const actors = new Map<string, Actor>()

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
  foreign = await makeWorld(database.sql)
  store = await openStore(database.sql)
  for (const [token, scope, place] of [
    ['ingest', 'ingest', world],
    ['read', 'read', world],
    ['admin', 'admin', world],
    ['foreign', 'admin', foreign],
  ] as const)
    actors.set(token, key(scope, place, actors.size + 1))
  const bound = (keyId: number, projectId: number): Actor => ({ ...key('admin', world, keyId), projectId }) as Actor
  actors.set('bound', bound(91, world.projectId))
  actors.set('elsewhere', bound(92, await emptyProject()))
  door = createV1(
    {
      services: {
        db: database.db,
        sql: database.sql,
        metrics: store,
        live: openLiveHub(quiet),
        blobs: {} as BlobStore,
        settings: { publicUrl: 'http://localhost', dataDir: '/nowhere' },
        log: quiet,
        now: () => new Date(),
      },
      identify: async (token) => {
        const actor = actors.get(token ?? '')
        if (!actor) throw new Refusal('unauthenticated', 'Who?')
        return actor
      },
      closed: () => null,
    },
    [...metricsRoutes, ...logsRoutes, ...chartRoutes],
  )
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

async function emptyProject(): Promise<number> {
  const [project] = await database.sql<{ id: number }[]>`
    insert into projects (workspace_id, slug, name) values (${world.workspaceId}, 'empty', 'Empty') returning id`
  return project?.id ?? 0
}

function key(scope: KeyScope, place: World, keyId: number): Actor {
  return {
    kind: 'apiKey',
    keyId,
    scope,
    workspaceId: place.workspaceId,
    workspaceSlug: place.slug,
    projectId: null,
    createdBy: 1,
    creatorRole: 'owner',
    name: scope,
  }
}

interface Sent {
  token?: string
  headers?: Record<string, string | undefined>
  body?: unknown
  raw?: BodyInit
  method?: string
}

async function call(path: string, { token = 'admin', headers = {}, body, raw, method }: Sent = {}) {
  const hasBody = body !== undefined || raw !== undefined
  const all = new Headers({ authorization: `Bearer ${token}`, ...(hasBody && { 'content-type': 'application/json' }) })
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) all.set(name, value)
  const response = await door.request(`/api/v1${path}`, {
    method: method ?? (hasBody ? 'POST' : 'GET'),
    headers: all,
    ...(hasBody && { body: raw ?? JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}

const head = (more: Record<string, string | undefined> = {}) => ({
  'x-stream': randomUUID(),
  'x-seq': '1',
  'x-attempt': '1',
  ...more,
})
const batch = { groups: [{ step: [1, 2], t: [10, 20], m: { 'train/loss': [0.5, 'NaN'] } }] }

describe('sending', () => {
  test.each(['metrics', 'telemetry'])('%s is acknowledged with all that a client must know', async (door) => {
    const run = await world.makeRun()
    const headers = head()
    const answer = { acked: 1, dup: false, written: 2, rejected: [], contiguous: 1, missing: [], stop: false }
    expect(await call(`/runs/${run.uid}/${door}`, { token: 'ingest', headers, body: batch })).toEqual({
      status: 200,
      body: answer,
    })
    expect(
      await call(`/runs/${run.uid.replaceAll('-', '')}/${door}`, { token: 'ingest', headers, body: batch }),
    ).toEqual({
      status: 200,
      body: { ...answer, dup: true, written: 0 },
    })
  })

  test('is taken as rows and as gzip', async () => {
    const run = await world.makeRun()
    const rows = [{ key: 'loss', value: 1, step: 1 }]
    const sent = { token: 'ingest', headers: head({ 'content-encoding': 'gzip' }), raw: gzipSync(JSON.stringify(rows)) }
    expect(await call(`/runs/${run.uid}/metrics`, sent)).toMatchObject({ status: 200, body: { written: 1 } })
  })

  test('says that a person asked the run to stop, within a second', async () => {
    const run = await world.makeRun()
    await database.sql`update runs set stop_requested_at = now() where id = ${run.id}`
    expect(await call(`/runs/${run.uid}/metrics`, { token: 'ingest', headers: head(), body: batch })).toMatchObject({
      body: { stop: true },
    })
  })

  test.each([
    ['x-stream', undefined, '/headers/X-Stream'],
    ['x-stream', 'one', '/headers/X-Stream'],
    ['x-seq', undefined, '/headers/X-Seq'],
    ['x-seq', '0', '/headers/X-Seq'],
    ['x-seq', '1.5', '/headers/X-Seq'],
    ['x-attempt', undefined, '/headers/X-Attempt'],
    ['x-attempt', '3000000000', '/headers/X-Attempt'],
    ['x-fence', '-1', '/headers/X-Fence'],
  ])('with %s = %s is refused, naming it', async (name, value, pointer) => {
    const run = await world.makeRun()
    const answer = await call(`/runs/${run.uid}/metrics`, {
      token: 'ingest',
      headers: head({ [name]: value }),
      body: batch,
    })
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ pointer }] } })
  })

  test('a malformed batch names the field and the index', async () => {
    const run = await world.makeRun()
    const body = { groups: [batch.groups[0], { step: [1], m: { a: [1, 2] } }] }
    expect(await call(`/runs/${run.uid}/metrics`, { headers: head(), body })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/groups/1/m/a', message: expect.stringContaining('it has 2') }] },
    })
  })

  test('8 MiB are too much, and said to be before they are read', async () => {
    const run = await world.makeRun()
    const headers = head({ 'content-length': String(9 * 1024 * 1024) })
    expect(await call(`/runs/${run.uid}/metrics`, { headers, body: batch })).toMatchObject({
      status: 413,
      body: { code: 'too_large', limit_bytes: 8 * 1024 * 1024 },
    })
  })

  test('who may only read is refused; who is foreign learns nothing', async () => {
    const run = await world.makeRun()
    const send = (token: string, uid = run.uid) => call(`/runs/${uid}/metrics`, { token, headers: head(), body: batch })
    expect(await send('read')).toMatchObject({ status: 403, body: { code: 'forbidden', permission: 'run:write' } })
    const [absent, hidden] = [await send('admin', randomUUID()), await send('foreign')]
    expect(hidden).toMatchObject({ status: 404, body: { code: 'not_found', detail: absent.body.detail } })
  })

  test('a job token writes for its own run, attempt and fence alone', async () => {
    const run = await world.makeRun()
    const other = await world.makeRun()
    await store.setWriter(run.id, { fence: 3, attempt: 2, state: 'open' })
    actors.set('job', {
      kind: 'job',
      jobId: 1,
      jobUid: randomUUID(),
      jobKind: 'train',
      workspaceId: world.workspaceId,
      workspaceSlug: world.slug,
      projectId: world.projectId,
      experimentId: world.experimentId,
      runId: run.id,
      runUid: run.uid,
      attempt: 2,
      fence: 3,
      inputCheckpointIds: [],
      targetCheckpointId: null,
    })
    const send = (headers: Record<string, string | undefined>, uid = run.uid) =>
      call(`/runs/${uid}/metrics`, { token: 'job', headers: head(headers), body: batch })
    expect(await send({ 'x-attempt': '2', 'x-fence': '3' })).toMatchObject({ status: 200 })
    expect(await send({ 'x-attempt': undefined })).toMatchObject({ status: 200 })
    expect(await send({ 'x-attempt': '2', 'x-fence': '2' })).toMatchObject({
      status: 409,
      body: { code: 'stale_fence', fence: 3 },
    })
    expect(await send({ 'x-attempt': '1', 'x-fence': '3' })).toMatchObject({ status: 403 })
    expect(await send({ 'x-attempt': '2', 'x-fence': '3' }, other.uid)).toMatchObject({ status: 404 })
    expect((await store.cursors(run.id)).map((cursor) => cursor.attempt)).toEqual([2, 2])
  })
})

describe('reading back', () => {
  test('an ingest key reads the cursors of a run and closes its stream', async () => {
    const run = await world.makeRun()
    const headers = head({ 'x-seq': '2' })
    await call(`/runs/${run.uid}/metrics`, { token: 'ingest', headers, body: batch })
    const stream = headers['x-stream']
    expect(await call(`/runs/${run.uid}/streams`, { token: 'ingest' })).toEqual({
      status: 200,
      body: { items: [{ stream, attempt: 1, contiguous: 0, missing: [[1, 1]], closed: false }] },
    })
    expect(
      await call(`/runs/${run.uid}/streams/${stream}/close`, { token: 'ingest', body: { last_seq: 2 } }),
    ).toMatchObject({
      status: 409,
      body: { code: 'stream_gap', expected_seq: 1 },
    })
    await call(`/runs/${run.uid}/metrics`, { token: 'ingest', headers: { ...headers, 'x-seq': '1' }, body: batch })
    expect(await call(`/runs/${run.uid}/streams/${stream}/close`, { token: 'ingest', body: { last_seq: 2 } })).toEqual({
      status: 200,
      body: { stream, last_seq: 2 },
    })
    expect(await call(`/runs/${run.uid}/metrics`, { token: 'ingest' })).toMatchObject({ status: 403 })
  })

  test('the latest of every metric', async () => {
    const run = await world.makeRun()
    await call(`/runs/${run.uid}/metrics`, { headers: head(), body: batch })
    expect(await call(`/runs/${run.uid}/metrics`, { token: 'read' })).toEqual({
      status: 200,
      body: {
        keys: [
          {
            key: 'train/loss',
            n: 2,
            first_step: 1,
            first_value: 0.5,
            last_step: 2,
            last_value: 'NaN',
            last_t: 20,
            min: 0.5,
            min_step: 1,
            max: 0.5,
            max_step: 1,
            orientation: 'lower',
            best: 0.5,
            best_step: 1,
          },
        ],
      },
    })
  })

  test('a chart, asked for in a body or in the address, by numbers, ranges and uids', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => world.makeRun()))
    for (const run of runs) await call(`/runs/${run.uid}/metrics`, { headers: head(), body: batch })
    const numbers = runs.map((run) => run.number)
    const posted = await call('/chart', {
      token: 'read',
      body: { project: 'p', runs: [runs[2]?.uid, numbers[0]], metrics: ['train/loss'] },
    })
    expect(posted).toMatchObject({
      status: 200,
      body: {
        x: 'step',
        from: null,
        to: null,
        px: 800,
        series: [
          { run: numbers[2], n: 2 },
          { run: numbers[0], n: 2 },
        ],
      },
    })
    expect([...float64s(posted.body.series[0].y)]).toEqual([0.5, Number.NaN])
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)]
    const got = await call(`/chart?project=p&runs=${low}-${high}&metrics=train/loss&x=relative&to=5`, { token: 'read' })
    expect(got.body.series.map((s: { run: number; n: number }) => [s.run, s.n])).toEqual(
      numbers.toSorted((a, b) => a - b).map((n) => [n, 1]),
    )
  })

  test.each([
    ['/chart?project=p&runs=5-1&metrics=loss', 400, 'invalid_request'],
    ['/chart?project=p&runs=1-9999&metrics=loss', 400, 'invalid_request'],
    ['/chart?project=p&runs=what&metrics=loss', 400, 'invalid_request'],
    ['/chart?project=p&runs=1&metrics=loss&x=moon', 400, 'invalid_request'],
    ['/chart?project=p&runs=1&metrics=loss&from=2&to=1', 400, 'invalid_request'],
    ['/chart?project=p&runs=99999&metrics=loss', 404, 'not_found'],
    ['/chart?project=q&runs=1&metrics=loss', 404, 'not_found'],
  ])('%s is %i', async (path, status, code) => {
    expect(await call(path, { token: 'read' })).toMatchObject({ status, body: { code } })
  })

  test('console lines, in pages and from the end', async () => {
    const run = await world.makeRun()
    const body = { lines: ['a', 'b', 'c'].map((text, i) => ({ t: i, fd: 1, text })) }
    expect(await call(`/runs/${run.uid}/logs`, { token: 'ingest', headers: head(), body })).toMatchObject({
      status: 200,
      body: { acked: 1, written: 3, stop: false },
    })
    const page = await call(`/runs/${run.uid}/logs?from=1&limit=1`, { token: 'read' })
    expect(page.body).toEqual({ first_line: 1, total_lines: 3, lines: [{ n: 1, t: 1, fd: 1, attempt: 1, text: 'b' }] })
    expect((await call(`/runs/${run.uid}/logs?tail=true&limit=2`, { token: 'read' })).body.first_line).toBe(1)
    expect(await call(`/runs/${run.uid}/logs`, { token: 'ingest' })).toMatchObject({ status: 403 })
  })
})

describe('which values of a metric are better', () => {
  test('is told from the key, and from what somebody said of it, with the best of each run', async () => {
    const run = await world.makeRun()
    const groups = [{ step: [1, 2, 3], m: { 'eval/loss': [3, 1, 2], 'eval/acc': [1, 3, 2], 'eval/odd': [5, 4, 6] } }]
    await call(`/runs/${run.uid}/metrics`, { headers: head(), body: { groups } })
    const bests = async () => {
      const { body } = await call(`/runs/${run.uid}/metrics`)
      const told = body.keys as {
        key: string
        orientation: string | null
        best: number | null
        best_step: number | null
      }[]
      return told.map(({ key, orientation, best, best_step }) => [key, orientation, best, best_step])
    }
    expect(await bests()).toEqual([
      ['eval/acc', 'higher', 3, 2],
      ['eval/loss', 'lower', 1, 2],
      ['eval/odd', null, null, null],
    ])
    const put = (body: object, token = 'admin') => call('/metric-keys', { method: 'PUT', token, body })
    expect(await put({ key: 'eval/odd', orientation: 'lower' })).toEqual({
      status: 200,
      body: { key: 'eval/odd', orientation: 'lower', is_set: true },
    })
    expect((await bests())[2]).toEqual(['eval/odd', 'lower', 4, 2])
    await put({ key: 'eval/loss', orientation: 'higher' })
    expect((await bests())[1]).toEqual(['eval/loss', 'higher', 3, 1])
    const { body } = await call('/metric-keys')
    expect(body.items).toContainEqual({ key: 'eval/loss', orientation: 'higher', is_set: true })
    expect((await put({ key: 'eval/loss', orientation: null })).body).toEqual({
      key: 'eval/loss',
      orientation: 'lower',
      is_set: false,
    })
    expect((await bests())[1]).toEqual(['eval/loss', 'lower', 1, 2])
    expect((await put({ key: 'never logged', orientation: 'lower' })).status).toBe(404)
    expect((await put({ key: 'eval/loss', orientation: 'lower' }, 'read')).status).toBe(403)
    expect((await put({ key: 'eval/loss', orientation: 'lower' }, 'foreign')).status).toBe(404)
  })

  test('is said for all of the workspace by people alone, and a key of one project is shown what that one logs', async () => {
    const run = await world.makeRun()
    await call(`/runs/${run.uid}/metrics`, {
      headers: head(),
      body: { groups: [{ step: [1], m: { 'secret/plan': [1] } }] },
    })
    await store.flush()
    const put = (token: string) =>
      call('/metric-keys', { method: 'PUT', token, body: { key: 'secret/plan', orientation: 'lower' } })
    for (const token of ['ingest', 'bound', 'elsewhere'])
      expect(await put(token)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    const names = async (token: string) =>
      ((await call('/metric-keys', { token })).body.items as { key: string }[]).map(({ key }) => key)
    expect(await names('bound')).toContain('secret/plan')
    expect(await names('elsewhere')).toEqual([])
  })
})
