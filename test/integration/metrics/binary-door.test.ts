import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createV1, type DoorDeps } from '#src/api/v1/app.ts'
import { createBatchDoor } from '#src/api/v1/batch-door.ts'
import { logsRoutes } from '#src/api/v1/logs.ts'
import { metricsRoutes } from '#src/api/v1/metrics.ts'
import { writeBinaryBatch } from '#src/core/metrics/binary-batch.ts'
import type { PointGroup } from '#src/core/metrics/packed-batch.ts'
import { BINARY_BATCH_TYPE } from '#src/protocol/metrics.ts'
import type { BlobStore } from '#src/services/artifacts/blob-store.ts'
import { openLiveHub } from '#src/services/live/live-hub.ts'
import type { OpenStore } from '#src/services/metrics/open-store.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { makeWorld, openStore, quiet, type World, wireValue } from './world.ts'

let database: TestDatabase
let world: World
let store: OpenStore
let server: Server
let tookShortWay = 0

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
  store = await openStore(database.sql)
  const deps: DoorDeps = {
    services: {
      db: database.db,
      sql: database.sql,
      metrics: store,
      blobs: {} as BlobStore,
      settings: { publicUrl: 'http://localhost', dataDir: '/nowhere' },
      live: openLiveHub(quiet),
      log: quiet,
      now: () => new Date(),
    },
    identify: async (token) => ({
      kind: 'apiKey',
      keyId: 2,
      scope: 'ingest',
      workspaceId: world.workspaceId,
      workspaceSlug: world.slug,
      projectId: null,
      createdBy: 1,
      creatorRole: 'owner',
      name: token ?? '',
    }),
    closed: () => null,
  }
  const batches = createBatchDoor(deps)
  const longWay = getRequestListener(createV1(deps, [...metricsRoutes, ...logsRoutes]).fetch, {
    overrideGlobalObjects: false,
  })
  server = createServer((request, response) => {
    if (request.headers['x-way'] === 'short' && batches(request, response)) tookShortWay++
    else void longWay(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await store.close()
  await database.drop()
})

const WAYS = ['short', 'long'] as const

interface Sent {
  way?: (typeof WAYS)[number]
  kind?: 'metrics' | 'telemetry' | 'logs'
  stream?: string
  seq?: number
  headers?: Record<string, string>
}

async function send(run: { uid: string }, body: Buffer | string, sent: Sent = {}) {
  const { way = 'short', kind = 'metrics', stream = '11111111-1111-4111-8111-111111111111', seq = 1, headers } = sent
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/runs/${run.uid}/${kind}`, {
    method: 'POST',
    headers: {
      'x-way': way,
      authorization: 'Bearer ingest',
      'content-type': typeof body === 'string' ? 'application/json' : BINARY_BATCH_TYPE,
      'x-stream': stream,
      'x-seq': String(seq),
      'x-attempt': '1',
      ...headers,
    },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const key = (name: string, ...values: number[]) => ({ key: name, values: Float64Array.from(values) })
const groups: PointGroup<string>[] = [
  {
    steps: Float64Array.of(1, 2, 3),
    times: Float64Array.of(1_700_000_000_000, 1_700_000_000_090, 1_700_000_000_300),
    keys: [
      key('train/loss', 0.1, Number.NaN, Number.POSITIVE_INFINITY),
      key('train/lr', 0.5, 0.25, Number.NEGATIVE_INFINITY),
      key('e\u0301', 1, 2, 3),
    ],
  },
  { steps: Float64Array.of(7, 2, 9), times: null, keys: [key('val/loss', 1, -2.5, 1e300)] },
]
const asJson = (of: readonly PointGroup<string>[]): string =>
  JSON.stringify({
    groups: of.map(({ steps, times, keys }) => ({
      step: [...steps],
      ...(times && { t: [...times] }),
      m: Object.fromEntries(keys.map((k) => [k.key, [...k.values].map(wireValue)])),
    })),
  })

const stored = async (run: { id: number }): Promise<{ n_points: number; data: Buffer }[]> =>
  database.sql`select n_points, data from metric_tail where run_id = ${run.id} order by stream, seq`

describe.each(WAYS)('on the %s way', (way) => {
  test('a binary batch is stored and summed up as the same points in JSON', async () => {
    const [binary, json] = await Promise.all([world.makeRun(), world.makeRun()])
    const before = tookShortWay
    const answers = [await send(binary, writeBinaryBatch(groups), { way }), await send(json, asJson(groups), { way })]
    expect(tookShortWay - before).toBe(way === 'short' ? 2 : 0)
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject({ status: 200, body: { acked: 1, dup: false, written: 12, rejected: [] } })
    expect(await stored(binary)).toEqual(await stored(json))

    const known = await store.summaries(world.workspaceId, [binary.id, json.id])
    const ofJson = known.get(json.id)?.map((one) => ({ ...one, last_t: one.key === 'val/loss' ? 0 : one.last_t }))
    const ofBinary = known.get(binary.id)?.map((one) => ({ ...one, last_t: one.key === 'val/loss' ? 0 : one.last_t }))
    expect(ofBinary).toEqual(ofJson)
    expect(ofBinary?.map((one) => one.key)).toEqual(['train/loss', 'train/lr', 'val/loss', 'é'])
    expect(ofBinary?.[0]).toMatchObject({ n: 3, last_step: 3, last_value: 'Infinity', min: 0.1, max: 0.1 })
    // The summaries in memory and what the stored bytes say are the same.
    store.dropHeads()
    expect(await store.valuesAt(binary.id, [9])).toEqual(await store.valuesAt(json.id, [9]))
    expect((await store.valuesAt(binary.id, [9]))[0]?.size).toBe(4)
  })

  test('sending again is a duplicate, other bytes under the same number are a conflict', async () => {
    const run = await world.makeRun()
    expect(await send(run, writeBinaryBatch(groups), { way })).toMatchObject({ body: { dup: false, written: 12 } })
    expect(await send(run, writeBinaryBatch(groups), { way })).toMatchObject({
      status: 200,
      body: { acked: 1, dup: true, written: 0, contiguous: 1 },
    })
    const other = writeBinaryBatch(groups.slice(0, 1))
    expect(await send(run, other, { way })).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(await stored(run)).toHaveLength(1)
  })

  test('bytes that are no batch are refused with the byte, and nothing is written', async () => {
    const run = await world.makeRun()
    const good = writeBinaryBatch(groups)
    for (const [bad, detail] of [
      [good.subarray(0, good.length - 1), /byte \d+: group 1 of 2 goes beyond the end/],
      [Buffer.concat([good, Buffer.of(0)]), /byte \d+: 1 bytes lie behind the last group/],
      [Buffer.from(asJson(groups)), /byte 0: a body begins with "DSM1"/],
    ] as const) {
      const answer = await send(run, Buffer.from(bad), { way })
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
      expect(answer.body.detail).toMatch(detail)
    }
    expect(await stored(run)).toEqual([])
    expect(await store.cursors(run.id)).toEqual([])
  })

  test('a name that cannot be a key loses its columns only', async () => {
    const run = await world.makeRun()
    const [first] = groups as [PointGroup<string>]
    const body = () => writeBinaryBatch([{ ...first, keys: [key('a//b', 1, 2, 3), ...first.keys] }])
    const answer = await send(run, body(), { way })
    expect(answer).toMatchObject({
      status: 200,
      body: { written: 9, rejected: [{ key: 'a//b', reason: 'invalid_key' }] },
    })
    expect(await send(run, body(), { way })).toMatchObject({ body: { dup: true } })
    const clean = await world.makeRun()
    await send(clean, writeBinaryBatch([first]), { way })
    expect(await stored(run)).toEqual(await stored(clean))
  })

  test('telemetry is taken in binary, console lines are not', async () => {
    const run = await world.makeRun()
    const body = writeBinaryBatch([{ steps: Float64Array.of(10), times: null, keys: [key('system/n/cpu.util', 5)] }])
    expect(await send(run, body, { way, kind: 'telemetry' })).toMatchObject({ status: 200, body: { written: 1 } })
    expect(await send(run, body, { way, kind: 'logs' })).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media' },
    })
  })

  test('more points than one batch may have are too large, so that the client halves it', async () => {
    const run = await world.makeRun()
    const steps = Float64Array.from({ length: 50_001 }, (_, i) => i)
    const body = writeBinaryBatch([
      {
        steps,
        times: null,
        keys: [
          { key: 'a', values: steps },
          { key: 'b', values: steps },
        ],
      },
    ])
    expect(await send(run, body, { way })).toMatchObject({ status: 413, body: { code: 'too_large' } })
    expect(await stored(run)).toEqual([])
  })
})

test('a gzipped binary batch goes the long way and is stored as the plain one', async () => {
  const [plain, zipped] = await Promise.all([world.makeRun(), world.makeRun()])
  await send(plain, writeBinaryBatch(groups))
  const before = tookShortWay
  const answer = await send(zipped, gzipSync(writeBinaryBatch(groups)), { headers: { 'content-encoding': 'gzip' } })
  expect(answer).toMatchObject({ status: 200, body: { written: 12 } })
  expect(tookShortWay).toBe(before)
  expect(await stored(zipped)).toEqual(await stored(plain))
})

test('a content type with parameters or in capitals goes the long way and is binary all the same', async () => {
  const run = await world.makeRun()
  const type = `${BINARY_BATCH_TYPE.toUpperCase()}; q=1`
  expect(await send(run, writeBinaryBatch(groups), { headers: { 'content-type': type } })).toMatchObject({
    status: 200,
  })
})

test('JSON and binary batches of one stream join', async () => {
  const run = await world.makeRun()
  const stream = randomUUID()
  const at = (step: number) => [{ steps: Float64Array.of(step), times: null, keys: [key('a', step)] }]
  await send(run, writeBinaryBatch(at(1)), { stream, seq: 1 })
  await send(run, asJson(at(2)), { stream, seq: 2 })
  expect(await send(run, writeBinaryBatch(at(3)), { stream, seq: 3 })).toMatchObject({ body: { contiguous: 3 } })
  const [summary] = (await store.summaries(world.workspaceId, [run.id])).get(run.id) ?? []
  expect(summary).toMatchObject({ key: 'a', n: 3, last_step: 3, last_value: 3 })
})

test('a batch with more keys than a run may have is refused whole', async () => {
  const run = await world.makeRun()
  const keys = Array.from({ length: 10_001 }, (_, k) => key(`many/${k}`, 1))
  const answer = await send(run, writeBinaryBatch([{ steps: Float64Array.of(1), times: null, keys }]))
  expect(answer).toMatchObject({ status: 422, body: { code: 'cardinality_limit', key: 'many/10000' } })
  expect(await stored(run)).toEqual([])
})

test('the OpenAPI document names both forms of a batch, and only JSON for console lines', async () => {
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/openapi.json`)
  const { paths } = (await response.json()) as Record<'paths', Record<string, Record<string, unknown>>>
  for (const kind of ['metrics', 'telemetry'])
    expect(paths[`/api/v1/runs/{run}/${kind}`]?.post).toMatchObject({
      requestBody: {
        content: {
          'application/json': { schema: { $ref: '#/components/schemas/MetricBatch' } },
          [BINARY_BATCH_TYPE]: { schema: { type: 'string', format: 'binary' } },
        },
      },
    })
  expect(JSON.stringify(paths['/api/v1/runs/{run}/logs'])).not.toContain(BINARY_BATCH_TYPE)
})
