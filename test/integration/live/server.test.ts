import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { type DatabaseClients, openClients } from '#src/db/clients.ts'
import { placeEngine, socketFile } from '#src/db/engine/place.ts'
import { ENGINE_USER } from '#src/db/engine/start.ts'
import { makeBenchWorld } from '#test/bench/world.ts'
import { type ServerProcess, startProcess, untilReady } from '#test/integration/server/start-process.ts'
import { testDatabase } from '#test/setup/database.ts'
import { openReader } from './reader.ts'

const PORT = 17_620
const AT = `http://127.0.0.1:${PORT}/api/v1`
let server: ServerProcess
let clients: DatabaseClients

beforeAll(async () => {
  server = startProcess(PORT)
  await untilReady(server)
  const { run } = placeEngine({ dataDir: server.dataDir, projectDir: process.cwd(), major: 18 })
  clients = openClients(
    { kind: 'embedded', socket: socketFile(run), user: ENGINE_USER, database: 'descent' },
    { max: 1, name: 'descent test' },
  )
})
afterAll(async () => {
  await clients.end()
  await server.remove()
})

test('a server under load that is told to end says bye to its streams and ends with 0', async () => {
  const world = await makeBenchWorld(clients.sql, 2)
  const uid = world.runs[0]?.uid ?? ''
  const readers = await Promise.all(
    ['project=bench', 'project=bench&runs=1-2', 'project=bench&runs=1'].map((query) =>
      openReader(`${AT}/live?${query}`, { authorization: `Bearer ${world.readKey}` }),
    ),
  )
  expect(readers.map((reader) => reader.status)).toEqual([200, 200, 200])
  expect(readers[0]?.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cache-control': expect.stringContaining('no-cache'),
  })

  const stream = randomUUID()
  let acknowledged = 0
  let isGoing = true
  const writing = (async () => {
    for (let step = 1; isGoing; step++) {
      const answer = await write(AT, world.key, uid, stream, step).catch(() => null)
      if (!answer?.ok) return
      acknowledged = step
    }
  })()
  for (const reader of readers)
    await expect.poll(() => reader.news().at(-1)?.runs[0]?.last_step ?? 0, { timeout: 20_000 }).toBeGreaterThan(10)

  const began = Date.now()
  server.child.kill('SIGTERM')
  await Promise.all(readers.map((reader) => reader.ended))
  expect(readers.map((reader) => reader.events.at(-1)?.name)).toEqual(['bye', 'bye', 'bye'])
  expect(await server.exited).toBe(0)
  expect(Date.now() - began).toBeLessThan(25_000)
  isGoing = false
  await writing
  expect(acknowledged).toBeGreaterThan(10)
}, 60_000)

test.skipIf(!inject('external'))(
  'two servers on one database: what one takes, streams of the other tell',
  async () => {
    const database = await testDatabase()
    const url = database.target.kind === 'url' ? database.target.url : ''
    const environment = { DATABASE_URL: url, AUTH_SECRET: 'a secret of this test, used nowhere else' }
    const servers = [startProcess(17_621, environment), startProcess(17_622, environment)] as const
    onTestFinished(async () => {
      for (const one of servers) await one.remove()
      await database.drop()
    })
    for (const one of servers) await untilReady(one)
    const world = await makeBenchWorld(database.sql, 1)
    const reader = await openReader('http://127.0.0.1:17622/api/v1/live?project=bench&runs=1', {
      authorization: `Bearer ${world.readKey}`,
    })
    expect(reader.status).toBe(200)
    const answer = await write('http://127.0.0.1:17621/api/v1', world.key, world.runs[0]?.uid ?? '', randomUUID(), 1)
    expect(answer.status).toBe(200)
    await expect.poll(() => reader.news()[0]?.runs[0]?.last_step, { interval: 10 }).toBe(1)
    reader.close()
  },
  60_000,
)

/** One step of a run, as the batch of its number. */
const write = (at: string, key: string, uid: string, stream: string, step: number): Promise<Response> =>
  fetch(`${at}/runs/${uid}/metrics`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'x-stream': stream,
      'x-seq': String(step),
      'x-attempt': '1',
    },
    body: JSON.stringify({ groups: [{ step: [step], t: [step], m: { loss: [1] } }] }),
  })
