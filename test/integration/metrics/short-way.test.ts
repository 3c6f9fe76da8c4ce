import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createV1, type DoorDeps } from '#src/api/v1/app.ts'
import { createBatchDoor } from '#src/api/v1/batch-door.ts'
import { logsRoutes } from '#src/api/v1/logs.ts'
import { metricsRoutes } from '#src/api/v1/metrics.ts'
import type { KeyScope } from '#src/core/roles/permissions.ts'
import type { BlobStore } from '#src/services/artifacts/blob-store.ts'
import { Refusal } from '#src/services/errors.ts'
import { openLiveHub } from '#src/services/live/live-hub.ts'
import type { OpenStore } from '#src/services/metrics/open-store.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { makeWorld, openStore, quiet, type World } from './world.ts'

let database: TestDatabase
let world: World
let store: OpenStore
let server: Server
let taken = 0
let isShut = false

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
  store = await openStore(database.sql)
  const deps: DoorDeps = {
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
      if (token !== 'ingest' && token !== 'read') throw new Refusal('unauthenticated', 'Who?')
      return {
        kind: 'apiKey',
        keyId: token === 'read' ? 1 : 2,
        scope: token satisfies KeyScope,
        workspaceId: world.workspaceId,
        workspaceSlug: world.slug,
        projectId: null,
        createdBy: 1,
        creatorRole: 'owner',
        name: token,
      }
    },
    closed: () => (isShut ? new Refusal('draining', 'The server is shutting down.', { retry_after_s: 3 }) : null),
  }
  const batches = createBatchDoor(deps)
  const doors = createV1(deps, [...metricsRoutes, ...logsRoutes])
  const longWay = getRequestListener(doors.fetch, { overrideGlobalObjects: false })
  server = createServer((request, response) => {
    if (request.headers['x-way'] === 'short' && batches(request, response)) taken++
    else void longWay(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await store.close()
  await database.drop()
})

const batch = JSON.stringify({ groups: [{ step: [1, 2], t: [10, 20], m: { 'train/loss': [0.5, 'NaN'] } }] })
const lines = JSON.stringify({ lines: [{ t: 1, fd: 1, text: 'a' }] })

interface Sent {
  kind?: string
  token?: string
  run?: 'own' | 'absent'
  body?: string
  headers?: Record<string, string>
}

async function send(
  way: 'short' | 'long',
  uid: string,
  { kind = 'metrics', token = 'ingest', run, body, headers }: Sent,
) {
  const { port } = server.address() as AddressInfo
  const response = await fetch(
    `http://127.0.0.1:${port}/api/v1/runs/${run === 'absent' ? randomUUID() : uid}/${kind}`,
    {
      method: 'POST',
      headers: {
        'x-way': way,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-stream': '11111111-1111-4111-8111-111111111111',
        'x-seq': '1',
        'x-attempt': '1',
        'x-request-id': 'request-0001',
        ...headers,
      },
      body: body ?? (kind === 'logs' ? lines : batch),
    },
  )
  const sent = Object.fromEntries([...response.headers].filter(([name]) => !['date', 'content-length'].includes(name)))
  return { status: response.status, headers: sent, body: await response.json() }
}

test.each<[string, Sent]>([
  ['a batch of points', {}],
  ['telemetry', { kind: 'telemetry' }],
  ['console lines', { kind: 'logs' }],
  ['a batch without its number', { headers: { 'x-seq': '0' } }],
  ['a malformed stream', { headers: { 'x-stream': 'one' } }],
  ['a malformed body', { body: '{"groups": [{"step": [1], "m": {"a": [1, 2]}}]}' }],
  ['no JSON', { body: '{' }],
  ['an unknown key', { token: 'nobody' }],
  ['a key that may only read', { token: 'read' }],
  ['a run that is not there', { run: 'absent' }],
])('%s is answered the same on the short way as on the long one', async (_what, sent) => {
  const [first, second] = await Promise.all([world.makeRun(), world.makeRun()])
  const before = taken
  const short = await send('short', first.uid, sent)
  expect(taken).toBe(before + 1)
  expect(short).toEqual(await send('long', second.uid, sent))
  // The connection goes on.
  expect((await send('short', first.uid, { headers: { 'x-stream': randomUUID() } })).status).toBe(200)
})

test.each<[string, Sent]>([
  ['another content type', { headers: { 'content-type': 'text/plain' } }],
  ['an encoding', { headers: { 'content-encoding': 'br' } }],
  ['another protocol', { headers: { 'x-descent-protocol': '0' } }],
])('%s goes the long way and is refused there', async (_what, sent) => {
  const run = await world.makeRun()
  const before = taken
  expect((await send('short', run.uid, sent)).status).toBeGreaterThanOrEqual(400)
  expect(taken).toBe(before)
})

test('a server that ends says so', async () => {
  const run = await world.makeRun()
  isShut = true
  const answer = await send('short', run.uid, {})
  isShut = false
  expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '3' }, body: { code: 'draining' } })
})

test('a body that is too long is refused before it is read', async () => {
  const run = await world.makeRun()
  const answer = await send('short', run.uid, { body: ' '.repeat(9 * 1024 * 1024) }).catch(() => null)
  // The connection may be cut while the client still writes.
  if (answer) expect(answer).toMatchObject({ status: 413, body: { code: 'too_large' } })
  expect(await store.cursors(run.id)).toEqual([])
})
