import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allowHosts } from '#src/api/allowed-hosts.ts'
import { createDoors } from '#src/api/doors.ts'
import { ChartAnswer } from '#src/protocol/chart.ts'
import { CHART_CONTENT_TYPE, decodeChart } from '#src/protocol/chart-body.ts'
import { type ChartFrame, readFrames } from '#src/protocol/chart-frames.ts'
import type { Actor } from '#src/services/actor.ts'
import type { BlobStore } from '#src/services/artifacts/blob-store.ts'
import { Refusal } from '#src/services/errors.ts'
import { openLiveHub } from '#src/services/live/live-hub.ts'
import { chartJson } from '#src/services/metrics/chart-json.ts'
import type { OpenStore } from '#src/services/metrics/open-store.ts'
import { SEAL_LIMITS } from '#src/services/metrics/seal/limits.ts'
import { sealRun } from '#src/services/metrics/seal/seal-run.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { batchOf, makeWorld, openStore, quiet, type World } from './world.ts'

let database: TestDatabase
let world: World
let foreign: World
let store: OpenStore
let doors: ReturnType<typeof createDoors>
let visitor: Actor = { kind: 'anonymous' }
const actors = new Map<string, Actor>()
/** Charts that were read, and not only tagged. */
let reads = 0

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
  foreign = await makeWorld(database.sql)
  store = await openStore(database.sql)
  actors.set('read', keyOf(world))
  actors.set('foreign', keyOf(foreign))
  const draw: OpenStore['draw'] = (request) => {
    reads++
    return store.draw(request)
  }
  doors = createDoors({
    services: {
      db: database.db,
      sql: database.sql,
      metrics: { ...store, draw },
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

function keyOf(place: World): Actor {
  return {
    kind: 'apiKey',
    keyId: place.workspaceId,
    scope: 'read',
    workspaceId: place.workspaceId,
    workspaceSlug: place.slug,
    projectId: null,
    createdBy: 1,
    creatorRole: 'owner',
    name: 'read',
  }
}

const memberOf = (place: World): Actor => ({
  kind: 'user',
  userId: 1,
  sessionId: 1,
  name: 'Reader',
  isInstanceAdmin: false,
  memberships: [{ workspaceId: place.workspaceId, slug: place.slug, name: 'Test', role: 'viewer' }],
})

/** Some sealed points, some that are not, and a NaN. */
async function filledRun() {
  const run = await world.makeRun()
  const steps = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)
  const write = (from: number, to: number) =>
    store.append(
      batchOf(world, run.id, randomUUID(), 1, {
        groups: [{ step: steps(from, to), m: { loss: steps(from, to).map((s) => (s === 77 ? 'NaN' : Math.sin(s))) } }],
      }),
    )
  await write(0, 900)
  await sealRun(database.sql, run.id, { isForced: true, limits: { ...SEAL_LIMITS, blockPoints: 32, levelledMin: 8 } })
  await write(900, 1_000)
  return run
}

const bytes = { accept: CHART_CONTENT_TYPE }
const ask = (method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: unknown) =>
  doors.request(`http://localhost${path}`, {
    method,
    headers: {
      authorization: 'Bearer read',
      ...headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

const fromPage = { host: 'localhost', origin: 'http://localhost', 'sec-fetch-site': 'same-origin' }
const askFromPage = (body: unknown, headers: Record<string, string> = {}) =>
  doors.request('http://localhost/api/screen/chart', {
    method: 'POST',
    headers: { ...fromPage, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

describe('a chart', () => {
  test.each([20, 4_000])('as bytes says what it says as JSON, by both methods (%i px)', async (px) => {
    const run = await filledRun()
    const path = `/api/v1/chart?project=p&runs=${run.number}&metrics=loss&px=${px}`
    const body = { project: 'p', runs: [run.number], metrics: ['loss'], px }
    const json = await ask('GET', path, {})
    expect(json.headers.get('content-type')).toBe('application/json')
    const answer = ChartAnswer.parse(await json.json())
    expect(answer.series[0]).toMatchObject({ exact: px > 20, n: 1_000, n_total: 1_000, non_finite_n: 1 })
    for (const response of [await ask('GET', path, bytes), await ask('POST', '/api/v1/chart', bytes, body)]) {
      expect(response.headers.get('content-type')).toBe(CHART_CONTENT_TYPE)
      expect(response.headers.get('content-encoding')).toBeNull()
      expect(response.headers.get('vary')).toBe('accept')
      expect(chartJson(decodeChart(await response.arrayBuffer()))).toEqual(answer)
    }
    expect(await (await ask('POST', '/api/v1/chart', {}, body)).json()).toEqual(answer)
  })

  test('that has not changed is told so without being read, by both methods and for pages', async () => {
    const run = await filledRun()
    visitor = memberOf(world)
    const body = { project: 'p', runs: [run.number], metrics: ['loss'], px: 20 }
    const path = `/api/v1/chart?project=p&runs=${run.number}&metrics=loss&px=20`
    const calls: ((headers: Record<string, string>) => Promise<Response> | Response)[] = [
      (headers) => ask('GET', path, headers),
      (headers) => ask('GET', path, { ...bytes, ...headers }),
      (headers) => ask('POST', '/api/v1/chart', headers, body),
      (headers) => askFromPage({ ...body, workspace: world.slug }, { ...bytes, ...headers }),
    ]
    const tags = await Promise.all(calls.map(async (call) => (await call({})).headers.get('etag') ?? ''))
    const before = reads
    for (const [i, call] of calls.entries()) {
      const again = await call({ 'if-none-match': tags[i] as string })
      expect([again.status, await again.text()]).toEqual([304, ''])
    }
    expect(reads).toBe(before)
    // Two forms of one answer never pass for each other.
    expect(tags[0]).not.toBe(tags[1])

    await store.append(batchOf(world, run.id, randomUUID(), 1, { groups: [{ step: [5_000], m: { loss: [1] } }] }))
    for (const [i, call] of calls.entries())
      expect((await call({ 'if-none-match': tags[i] as string })).status).toBe(200)
  })

  test('has another tag for each question, after each seal and each attempt', async () => {
    const run = await filledRun()
    const tagOf = async (more = '') =>
      (await ask('GET', `/api/v1/chart?project=p&runs=${run.number}&metrics=loss&px=20${more}`, {})).headers.get('etag')
    const tags = [await tagOf(), await tagOf('&x=time'), await tagOf('&from=5'), await tagOf('&group=all')]
    await sealRun(database.sql, run.id, { isForced: true })
    store.dropHeads()
    tags.push(await tagOf())
    await store.startAttempt(run.id, 2, 500)
    tags.push(await tagOf())
    expect(new Set(tags).size).toBe(tags.length)
  })

  test('of more lines and pixels than fit into memory is refused, with the way out', async () => {
    const run = await filledRun()
    const body = {
      project: 'p',
      runs: Array.from({ length: 500 }, (_, i) => i + 1),
      metrics: Array.from({ length: 50 }, (_, i) => `m${i}`),
      px: 4_000,
    }
    const refused = await ask('POST', '/api/v1/chart', {}, body)
    const { errors, detail } = await refused.json()
    expect([refused.status, errors?.[0]?.pointer]).toEqual([400, '/px'])
    expect(detail).toContain('px at most 80')
    expect((await ask('POST', '/api/v1/chart', {}, { ...body, px: 80 })).status).toBe(200)
    expect((await ask('POST', '/api/v1/chart', {}, { ...body, metrics: ['loss'], runs: [run.number] })).status).toBe(
      200,
    )
  })

  test('of a range that no number tells the width of is an answer that can be read', async () => {
    const run = await filledRun()
    const body = { project: 'p', runs: [run.number], metrics: ['loss'], px: 20, from: -1.7e308, to: 1.7e308 }
    const answer = ChartAnswer.parse(await (await ask('POST', '/api/v1/chart', {}, body)).json())
    expect(answer.grid?.dx).toBeGreaterThan(0)
    expect(answer.series[0]).toMatchObject({ n: 1_000 })
  })

  test('over a metric needs its name', async () => {
    const run = await filledRun()
    const response = await ask('GET', `/api/v1/chart?project=p&runs=${run.number}&metrics=loss&x=metric`, {})
    expect([response.status, (await response.json()).errors?.[0]?.pointer]).toEqual([400, '/x_metric'])
  })
})

describe('the door of pages', () => {
  const body = async (more: object = {}) => {
    const run = await filledRun()
    return { workspace: world.slug, project: 'p', runs: [run.number], metrics: ['loss'], px: 50, ...more }
  }

  test('gives a member of the workspace the same chart', async () => {
    visitor = memberOf(world)
    const response = await askFromPage(await body(), bytes)
    expect(response.status).toBe(200)
    expect(decodeChart(await response.arrayBuffer()).series[0]).toMatchObject({ metric: 'loss', n: 1_000 })
    expect(response.headers.get('x-request-id')).not.toBeNull()
  })

  test('refuses who is not signed in, a member of another workspace, and a key', async () => {
    const asked = await body()
    visitor = { kind: 'anonymous' }
    expect((await askFromPage(asked)).status).toBe(401)
    visitor = memberOf(foreign)
    expect((await askFromPage(asked)).status).toBe(404)
    visitor = keyOf(world)
    expect((await askFromPage(asked)).status).toBe(401)
  })

  test('refuses other origins, methods and types', async () => {
    visitor = memberOf(world)
    const asked = await body()
    expect((await askFromPage(asked, { origin: 'http://elsewhere', 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await askFromPage(asked, { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await doors.request('http://localhost/api/screen/chart', { headers: fromPage })).status).toBe(405)
  })
})

describe('charts of a page in one call', () => {
  const askTogether = async (questions: readonly unknown[]): Promise<{ status: number; frames: ChartFrame[] }> => {
    const response = await doors.request('http://localhost/api/screen/charts', {
      method: 'POST',
      headers: { ...fromPage, 'content-type': 'application/json' },
      body: JSON.stringify({ questions }),
    })
    const frames: ChartFrame[] = []
    if (response.ok && response.body) for await (const frame of readFrames(response.body)) frames.push(frame)
    return { status: response.status, frames: frames.toSorted((a, b) => a.place - b.place) }
  }

  test('say each what it says alone, and only what changed is sent again', async () => {
    visitor = memberOf(world)
    const run = await filledRun()
    const asked = { workspace: world.slug, project: 'p', runs: [run.number], metrics: ['loss'] }
    const questions = [20, 4_000].map((px) => ({ chart: { ...asked, px }, etag: null }))
    const { frames } = await askTogether(questions)
    expect(frames.map(({ status }) => status)).toEqual([200, 200])
    for (const [i, frame] of frames.entries()) {
      const alone = await askFromPage(questions[i]?.chart, bytes)
      expect(alone.headers.get('etag')).toBe(frame.etag)
      expect(chartJson(decodeChart(frame.body.buffer))).toEqual(chartJson(decodeChart(await alone.arrayBuffer())))
    }
    const before = reads
    const again = await askTogether(questions.map((one, i) => ({ ...one, etag: frames[i]?.etag })))
    expect(again.frames.map(({ status, body }) => [status, body.length])).toEqual([
      [304, 0],
      [304, 0],
    ])
    expect(reads).toBe(before)
  })

  test('a question that is refused keeps none of the others', async () => {
    visitor = memberOf(world)
    const run = await filledRun()
    const good = { workspace: world.slug, project: 'p', runs: [run.number], metrics: ['loss'] }
    const { frames } = await askTogether([
      { chart: { ...good, runs: [999_999] }, etag: null },
      { chart: good, etag: null },
    ])
    expect(frames.map(({ status }) => status)).toEqual([404, 200])
    expect(JSON.parse(new TextDecoder().decode(frames[0]?.body))).toMatchObject({ code: 'not_found' })
  })

  test('are refused to who is not signed in and to members of other workspaces', async () => {
    const run = await filledRun()
    const asked = { workspace: world.slug, project: 'p', runs: [run.number], metrics: ['loss'] }
    visitor = { kind: 'anonymous' }
    expect((await askTogether([{ chart: asked, etag: null }])).status).toBe(401)
    visitor = memberOf(foreign)
    expect((await askTogether([{ chart: asked, etag: null }])).frames.map(({ status }) => status)).toEqual([404])
  })
})

test('a project of another workspace is not found, nor is a run of one', async () => {
  const run = await filledRun()
  const path = `/api/v1/chart?project=p&runs=${run.uid}&metrics=loss`
  expect((await ask('GET', path, { authorization: 'Bearer foreign' })).status).toBe(404)
  expect((await ask('GET', path.replace('project=p', 'project=q'), {})).status).toBe(404)
  expect((await ask('GET', path, {})).status).toBe(200)
})
