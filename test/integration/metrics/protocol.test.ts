import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OpenStore } from '#src/services/metrics/open-store.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { batchOf, float64s, makeWorld, openStore, type World } from './world.ts'

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

const oneStep = (step: number, m: Record<string, unknown> = { loss: step }) => ({
  groups: [{ step: [step], t: [1000 + step], m: Object.fromEntries(Object.entries(m).map(([k, v]) => [k, [v]])) }],
})

async function stepsOf(run: { id: number; number: number; uid: string }, key = 'loss') {
  const [series] = await store.chart({
    workspaceId: world.workspaceId,
    runs: [{ ...run, startedAtMs: null }],
    metrics: [key],
    x: 'step',
    px: 4000,
    superseded: false,
  })
  return [...float64s(series?.x ?? '')]
}

describe('a batch', () => {
  test('is durable once acknowledged, and a re-send of the same bytes is stored nowhere', async () => {
    const run = await world.makeRun()
    const batch = batchOf(world, run.id, randomUUID(), 1, oneStep(1))
    expect(await store.append(batch)).toEqual({ dup: false, written: 1, rejected: [], contiguous: 1, missing: [] })
    expect(await store.append(batch)).toEqual({ dup: true, written: 0, rejected: [], contiguous: 1, missing: [] })
    const rows = await database.sql<
      { n: number }[]
    >`select count(*)::int as n from metric_tail where run_id = ${run.id}`
    expect(rows[0]?.n).toBe(1)
  })

  test('sent twice at the same moment is stored once', async () => {
    const run = await world.makeRun()
    const clientId = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => store.append(batchOf(world, run.id, clientId, 1, oneStep(1)))),
    )
    expect(answers.filter((answer) => !answer.dup)).toHaveLength(1)
    expect(await stepsOf(run)).toEqual([1])
  })

  test('without times is the same when it is sent again later', async () => {
    const run = await world.makeRun()
    const batch = batchOf(world, run.id, randomUUID(), 1, { groups: [{ step: [1], m: { loss: [1] } }] })
    await store.append(batch)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect((await store.append(batch)).dup).toBe(true)
  })

  test('with other bytes under the same number is a conflict', async () => {
    const run = await world.makeRun()
    const clientId = randomUUID()
    await store.append(batchOf(world, run.id, clientId, 1, oneStep(1)))
    await expect(store.append(batchOf(world, run.id, clientId, 1, oneStep(2)))).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await stepsOf(run)).toEqual([1])
  })

  test('of which every record is refused still counts as sent', async () => {
    const run = await world.makeRun()
    const clientId = randomUUID()
    const outcome = await store.append(batchOf(world, run.id, clientId, 1, oneStep(1, { 'a\u0000b': 1 })))
    expect(outcome).toEqual({
      dup: false,
      written: 0,
      rejected: [{ key: 'a\u0000b', reason: 'invalid_key' }],
      contiguous: 1,
      missing: [],
    })
    await store.closeStream(run.id, clientId, 1)
  })

  test.each([
    ['{"groups": [', 'invalid_request'],
    ['{"groups": 7}', 'invalid_request'],
    ['{"groups": [{"step": [1], "m": {"a": [1, 2]}}]}', 'invalid_request'],
    [`{"groups": [{"step": [${'1,'.repeat(100_000)}1], "m": {"a": [${'1,'.repeat(100_000)}1]}}]}`, 'too_large'],
  ])('that cannot be read is refused whole: %.40s', async (body, code) => {
    const run = await world.makeRun()
    const batch = batchOf(world, run.id, randomUUID(), 1, null, { body: Buffer.from(body) })
    await expect(store.append(batch)).rejects.toMatchObject({ code })
    expect(await store.cursors(run.id)).toMatchObject([])
  })
})

describe('holes', () => {
  test('are named in every answer until they are filled, and hold up the end of a stream', async () => {
    const run = await world.makeRun()
    const clientId = randomUUID()
    const send = (seq: number) => store.append(batchOf(world, run.id, clientId, seq, oneStep(seq)))
    expect(await send(2)).toMatchObject({ contiguous: 0, missing: [[1, 1]] })
    expect(await send(5)).toMatchObject({
      contiguous: 0,
      missing: [
        [1, 1],
        [3, 4],
      ],
    }) // prettier-ignore
    expect(await send(1)).toMatchObject({ contiguous: 2, missing: [[3, 4]] })
    await expect(store.closeStream(run.id, clientId, 5)).rejects.toMatchObject({
      code: 'stream_gap',
      detail: { expected_seq: 3, stream: clientId, missing: [[3, 4]] },
    })
    await send(3)
    await send(4)
    await expect(store.closeStream(run.id, clientId, 6)).rejects.toMatchObject({ detail: { expected_seq: 6 } })
    await store.closeStream(run.id, clientId, 5)
    expect(await store.cursors(run.id, [clientId])).toEqual([
      { stream: clientId, attempt: 1, contiguous: 5, missing: [], closed: true },
    ])
    const afterRestart = await openStore(database.sql)
    expect(await afterRestart.append(batchOf(world, run.id, clientId, 7, oneStep(7)))).toMatchObject({
      contiguous: 5,
      missing: [[6, 6]],
    })
    await afterRestart.close()
  })

  test('of a stream that never wrote begin at 1', async () => {
    const run = await world.makeRun()
    const clientId = randomUUID()
    await expect(store.closeStream(run.id, clientId, 3)).rejects.toMatchObject({ detail: { expected_seq: 1 } })
    await store.closeStream(run.id, clientId, 0)
  })

  test('twenty processes that begin at once get a stream each', async () => {
    const run = await world.makeRun()
    const clients = Array.from({ length: 20 }, () => randomUUID())
    await Promise.all(clients.map((clientId, i) => store.append(batchOf(world, run.id, clientId, 1, oneStep(i)))))
    expect(await store.cursors(run.id)).toHaveLength(20)
    expect(await stepsOf(run)).toEqual(clients.map((_, i) => i))
  })
})

describe('who may write', () => {
  test('a batch under an older fence is refused and nothing of it is written', async () => {
    const run = await world.makeRun()
    await store.setWriter(run.id, { fence: 2, attempt: 2, state: 'open' })
    const stale = batchOf(world, run.id, randomUUID(), 1, oneStep(1), { fence: 1 })
    await expect(store.append(stale)).rejects.toMatchObject({ code: 'stale_fence', detail: { fence: 2 } })
    await expect(
      store.appendConsole({
        ...stale,
        clientId: randomUUID(),
        body: Buffer.from('{"lines":[{"t":1,"fd":1,"text":"x"}]}'),
      }),
    ).rejects.toMatchObject({ code: 'stale_fence' })
    expect(await stepsOf(run)).toEqual([])
    await store.append({ ...stale, fence: 2 })
    expect(await stepsOf(run)).toEqual([1])
  })

  test('a smaller fence never replaces a greater one', async () => {
    const run = await world.makeRun()
    await store.setWriter(run.id, { fence: 5, attempt: 2, state: 'open' })
    await store.setWriter(run.id, { fence: 4, attempt: 1, state: 'finished' })
    const rows = await database.sql`select fence, attempt, state from metric_run where run_id = ${run.id}`
    expect(rows[0]).toEqual({ fence: 5, attempt: 2, state: 0 })
  })

  test('a deleted run takes nothing, a late finish does not open it, only the undo does', async () => {
    const run = await world.makeRun()
    const batch = batchOf(world, run.id, randomUUID(), 1, oneStep(1))
    await store.setWriter(run.id, { fence: 0, attempt: 1, state: 'deleted' })
    await store.setWriter(run.id, { fence: 9, attempt: 1, state: 'finished' })
    await expect(store.append(batch)).rejects.toMatchObject({ code: 'run_deleted' })
    await store.reopen(run.id, { fence: 0, attempt: 1, state: 'open' })
    expect(await store.append(batch)).toMatchObject({ dup: false })
  })

  test('a finished run still takes what its spool held', async () => {
    const run = await world.makeRun()
    await store.setWriter(run.id, { fence: 0, attempt: 1, state: 'finished' })
    expect(await store.append(batchOf(world, run.id, randomUUID(), 1, oneStep(1)))).toMatchObject({ dup: false })
  })

  test('a run that only the control plane knows is made known; one that nobody knows is not there', async () => {
    const known = await world.makeRun({ admit: false })
    expect(await store.append(batchOf(world, known.id, randomUUID(), 1, oneStep(1)))).toMatchObject({ dup: false })
    expect(await stepsOf(known)).toEqual([1])
    const unknown = batchOf(world, 999_999_999, randomUUID(), 1, oneStep(1))
    await expect(store.append(unknown)).rejects.toMatchObject({ code: 'not_found' })
    const rows = await database.sql`select 1 from metric_tail where run_id = 999999999`
    expect(rows).toHaveLength(0)
  })

  test('one refused batch does not hold up the others of its group', async () => {
    const good = await world.makeRun()
    const gone = await world.makeRun()
    await store.setWriter(gone.id, { fence: 0, attempt: 1, state: 'deleted' })
    const clientId = randomUUID()
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => {
        const run = i % 2 === 0 ? good : gone
        return store.append(batchOf(world, run.id, clientId, i + 1, oneStep(i)))
      }),
    )
    expect(results.map((r) => r.status)).toEqual(results.map((_, i) => (i % 2 === 0 ? 'fulfilled' : 'rejected')))
    expect(await stepsOf(good)).toHaveLength(10)
  })
})

describe('keys', () => {
  test('are numbered per workspace, once, however many batches bring them at the same time', async () => {
    const runs = await Promise.all([1, 2, 3, 4].map(() => world.makeRun()))
    const names = Array.from({ length: 50 }, (_, i) => `many/key_${i}`)
    const m = Object.fromEntries(names.map((name) => [name, 1]))
    await Promise.all(runs.map((run) => store.append(batchOf(world, run.id, randomUUID(), 1, oneStep(1, m)))))
    const rows = await database.sql<{ n: number; ids: number }[]>`
      select count(*)::int as n, count(distinct id)::int as ids from metric_keys
      where workspace_id = ${world.workspaceId} and name like 'many/%'`
    expect(rows[0]).toEqual({ n: 50, ids: 50 })
    const other = await makeWorld(database.sql)
    const run = await other.makeRun()
    await store.append(batchOf(other, run.id, randomUUID(), 1, oneStep(1)))
    expect(await store.summaries(other.workspaceId, [run.id])).toEqual(
      new Map([[run.id, [expect.objectContaining({ key: 'loss', last_value: 1 })]]]),
    )
  })

  test('beyond 10,000 per run are refused, and the first that does not fit is named', async () => {
    const run = await world.makeRun()
    const clientId = randomUUID()
    const named = (from: number, to: number) =>
      Object.fromEntries(Array.from({ length: to - from }, (_, i) => [`sample_${from + i}/loss`, 1]))
    await store.append(batchOf(world, run.id, clientId, 1, oneStep(1, named(0, 9_999))))
    await expect(
      store.append(batchOf(world, run.id, clientId, 2, oneStep(1, named(9_999, 10_001)))),
    ).rejects.toMatchObject({
      code: 'cardinality_limit',
      detail: { key: 'sample_10000/loss', limit: 10_000 },
    })
    expect(await store.append(batchOf(world, run.id, clientId, 2, oneStep(2, named(9_999, 10_000))))).toMatchObject({
      contiguous: 2,
    })
    await store.append(batchOf(world, run.id, clientId, 3, oneStep(3, named(0, 10))))
  })
})

test('a store that ends takes no more, and has written what it took', async () => {
  const run = await world.makeRun()
  const ending = await openStore(database.sql)
  const clientId = randomUUID()
  const sent = Array.from({ length: 50 }, (_, i) => ending.append(batchOf(world, run.id, clientId, i + 1, oneStep(i))))
  await Promise.all(sent)
  const closing = ending.close()
  await expect(ending.append(batchOf(world, run.id, clientId, 51, oneStep(51)))).rejects.toMatchObject({
    code: 'draining',
  })
  await closing
  const rows = await database.sql`select n, step from metric_latest where run_id = ${run.id}`
  expect(rows[0]).toEqual({ n: 50, step: 49 })
})
