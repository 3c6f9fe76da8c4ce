import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Sql } from '#src/db/clients.ts'
import { type CommitResult, commitBatches } from '#src/services/metrics/commit-batches.ts'
import { type OpenStore, openMetricStore } from '#src/services/metrics/open-store.ts'
import type { WriteBody } from '#src/services/metrics/store-batches.ts'
import type { TailBatch } from '#src/services/metrics/tail-batch.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'
import { batchOf, makeWorld, quiet, type World } from './world.ts'

let database: TestDatabase
let world: World

beforeAll(async () => {
  database = await testDatabase()
  world = await makeWorld(database.sql)
})
afterAll(() => database.drop())
// Bytes that are no batch must not be there when the next store opens.
afterEach(() => database.sql`truncate metric_tail`)

describe.each<WriteBody>(['select', 'values'])('the write path with the body "%s"', (body) => {
  let store: OpenStore
  beforeAll(async () => {
    store = await openMetricStore({ sql: database.sql, log: quiet, writeBody: body })
  })
  afterAll(() => store.close())

  test('answers a group batch by batch, in their order, and stores what may be stored', async () => {
    const { sql } = database
    const open = await world.makeRun()
    const gone = await world.makeRun()
    const held = await world.makeRun()
    const late = await world.makeRun({ admit: false })
    await store.setWriter(gone.id, { fence: 0, attempt: 1, state: 'deleted' })
    await store.setWriter(held.id, { fence: 3, attempt: 2, state: 'open' })
    await sealed(open.id, 1, '{[4,5],[9,9]}')
    await sealed(held.id, 1, '{[1,1]}')
    expect(await commitBatches(sql, [tail(open.id, 6, 'six')], { body })).toEqual(['stored'])
    const group: [TailBatch, string][] = [
      [tail(open.id, 1, 'one'), 'stored'],
      [tail(open.id, 4, 'four'), 'dup'],
      [tail(open.id, 9, 'nine'), 'dup'],
      [tail(open.id, 6, 'six'), 'dup'],
      [tail(open.id, 7, 'seven'), 'stored'],
      [tail(gone.id, 1, 'one'), 'run_deleted'],
      [tail(held.id, 1, 'one', { fence: 2 }), 'stale_fence'],
      [tail(held.id, 1, 'one', { fence: 3 }), 'dup'],
      [tail(held.id, 2, 'two', { fence: 4 }), 'stored'],
      [tail(late.id, 1, 'one'), 'stored'],
      [tail(888_888_888, 1, 'one'), 'not_found'],
    ]
    const results = await commitBatches(
      sql,
      group.map(([batch]) => batch),
      { body },
    )
    expect(results.map(word)).toEqual(group.map(([, expected]) => expected))
    expect(await commitBatches(sql, [tail(open.id, 7, 'other bytes')], { body }).then(([r]) => word(r))).toBe(
      'conflict',
    )
    expect(await tailOf(open.id)).toEqual(['1 one', '6 six', '7 seven'])
    expect(await tailOf(held.id)).toEqual(['2 two'])
    expect(await tailOf(late.id)).toEqual(['1 one'])
    expect(await tailOf(gone.id)).toEqual([])
  })

  test('stores bytes and time of reception as they were, for every size of a group', async () => {
    for (const size of [1, 2, 3, 7, 64, 65, 127, 128, 130]) {
      const run = await world.makeRun()
      const group = Array.from({ length: size }, (_, i) => tail(run.id, i + 1, `batch ${i} of ${size} é\u0000`))
      expect(await commitBatches(database.sql, group, { body })).toEqual(group.map(() => 'stored'))
      expect(await tailOf(run.id)).toEqual(group.map((batch) => `${batch.seq} ${batch.data.toString('utf8')}`))
      const [row] = await database.sql<{ at: number }[]>`
        select (extract(epoch from max(received_at)) * 1000)::float8 as at from metric_tail where run_id = ${run.id}`
      expect(row?.at).toBe(group[0]?.receivedAtMs)
    }
  })

  test('stores a batch once that is sent many times at one moment', async () => {
    const run = await world.makeRun()
    const clientId = randomUUID()
    const send = () => store.append(batchOf(world, run.id, clientId, 1, oneStep(1)))
    const answers = await Promise.all(Array.from({ length: 8 }, send))
    expect(answers.filter((answer) => !answer.dup)).toHaveLength(1)
    expect(await tailOf(run.id)).toHaveLength(1)
  })

  test('refuses a re-send of what another process sealed meanwhile, and stores nothing of it', async () => {
    const run = await world.makeRun()
    const clientId = randomUUID()
    const send = (seq: number) => store.append(batchOf(world, run.id, clientId, seq, oneStep(seq)))
    await send(1)
    await send(2)
    // Batch 3 went through the other process, which then sealed all three.
    await sealed(run.id, 1, '{[1,3]}')
    await database.sql`delete from metric_tail where run_id = ${run.id}`
    expect(await send(3)).toMatchObject({ dup: true })
    expect(await send(1)).toMatchObject({ dup: true })
    expect(await send(4)).toMatchObject({ dup: false })
    expect(await tailOf(run.id)).toHaveLength(1)
  })

  test('console lines of deleted, held and unknown runs are judged alike', async () => {
    const run = await world.makeRun()
    const clientId = randomUUID()
    const send = (runId: number, seq: number, text: string) =>
      store
        .appendConsole(
          batchOf(world, runId, clientId, seq, { lines: [1, 2].map((i) => ({ t: i, fd: 1, text: `${text} ${i}` })) }),
        )
        .then(({ dup }) => (dup ? 'dup' : 'stored'))
        .catch((refusal) => refusal.code)
    expect(await send(run.id, 1, 'a')).toBe('stored')
    expect(await send(run.id, 1, 'a')).toBe('dup')
    expect(await send(run.id, 1, 'b')).toBe('conflict')
    expect(await Promise.all([2, 3, 4].map((seq) => send(run.id, seq, 'c')))).toEqual(['stored', 'stored', 'stored'])
    const page = await store.console(run.id, { limit: 100, tail: false })
    expect(page.lines.map((line) => line.n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(await send((await world.makeRun({ admit: false })).id, 1, 'a')).toBe('stored')
    expect(await send(777_777_777, 1, 'a')).toBe('not_found')
    await store.setWriter(run.id, { fence: 1, attempt: 2, state: 'open' })
    expect(await send(run.id, 9, 'a')).toBe('stale_fence')
    await store.setWriter(run.id, { fence: 1, attempt: 2, state: 'deleted' })
    expect(await send(run.id, 9, 'a')).toBe('run_deleted')
  })
})

test('the second body looks up what was sealed once per stream and seal, not per batch', async () => {
  const texts: string[] = []
  const store = await openMetricStore({ sql: recorded(database.sql, texts), log: quiet, writeBody: 'values' })
  const lookups = () => texts.splice(0).filter((text) => text.includes('s.sealed @> u.seq')).length
  const run = await world.makeRun()
  const clientId = randomUUID()
  const send = (seq: number) => store.append(batchOf(world, run.id, clientId, seq, oneStep(seq)))
  await send(1)
  expect(lookups()).toBe(1)
  for (let seq = 2; seq < 10; seq++) await send(seq)
  expect(lookups()).toBe(0)
  await sealed(run.id, 1, '{[1,9]}')
  await send(10)
  await send(11)
  expect(lookups()).toBe(1)
  await send(3)
  expect(lookups()).toBeGreaterThan(0)
  await store.close()
})

test('runs of two keys go through two pools in groups of their own, and a failed group is told', async () => {
  const pools = { even: [] as string[], odd: [] as string[] }
  const told: number[] = []
  const even = recorded(database.sql, pools.even)
  const odd = recorded(database.sql, pools.odd)
  const store = await openMetricStore({
    sql: database.sql,
    log: quiet,
    writeBody: 'values',
    // One key is known at once, the other has to be asked for.
    queueOf: (runId) => (runId % 2 === 0 ? 'even' : Promise.resolve('odd')),
    poolOf: (queue) => (queue === 'even' ? even : odd),
    forgetQueue: (runId) => told.push(runId),
  })
  const runs = await Promise.all(Array.from({ length: 6 }, () => world.makeRun()))
  const late = await Promise.all([world.makeRun({ admit: false }), world.makeRun({ admit: false })])
  await Promise.all(
    [...runs, ...late].map((run) => store.append(batchOf(world, run.id, randomUUID(), 1, oneStep(run.id)))),
  )
  for (const run of [...runs, ...late]) expect(await tailOf(run.id)).toHaveLength(1)
  for (const texts of Object.values(pools)) {
    expect(texts.filter((text) => text.startsWith('insert into metric_tail')).length).toBeGreaterThan(0)
    // Nodes have no control plane: who a run is, is asked elsewhere.
    expect(texts.filter((text) => /\bfrom (runs|attempts)\b/.test(text))).toEqual([])
  }
  expect(told).toEqual([])
  const [broken] = runs.filter((run) => run.id % 2 === 0)
  const failing = await openMetricStore({
    sql: database.sql,
    log: quiet,
    writeBody: 'values',
    queueOf: () => 'away',
    poolOf: () => {
      throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
    },
    forgetQueue: (runId) => told.push(runId),
  })
  await expect(failing.append(batchOf(world, broken?.id ?? 0, randomUUID(), 1, oneStep(1)))).rejects.toMatchObject({
    code: 'unavailable',
  })
  expect(told).toEqual([broken?.id])
  await Promise.all([store.close(), failing.close()])
})

test('a store that ends waits for batches whose key is being asked for', async () => {
  const asked: ((key: string) => void)[] = []
  const store = await openMetricStore({
    sql: database.sql,
    log: quiet,
    writeBody: 'values',
    queueOf: () => new Promise<string>((resolve) => void asked.push(resolve)),
  })
  const run = await world.makeRun()
  const sent = store.append(batchOf(world, run.id, randomUUID(), 1, oneStep(1)))
  await expect.poll(() => asked.length).toBe(1)
  let isClosed = false
  const closing = store.close().then(() => {
    isClosed = true
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(isClosed).toBe(false)
  asked[0]?.('key')
  await closing
  expect(await tailOf(run.id)).toHaveLength(1)
  expect(await sent).toMatchObject({ dup: false })
})

const oneStep = (step: number) => ({ groups: [{ step: [step], t: [1_000 + step], m: { loss: [step] } }] })

const tail = (runId: number, seq: number, text: string, more: Partial<TailBatch> = {}): TailBatch => ({
  runId,
  stream: 1,
  seq,
  attempt: 1,
  fence: 0,
  points: 1,
  data: Buffer.from(text, 'utf8'),
  receivedAtMs: 0,
  ...more,
})

const word = (result: CommitResult | undefined) => (typeof result === 'string' ? result : result?.code)

/** As a seal leaves it: the seqs noted, the run's version grown. */
async function sealed(runId: number, stream: number, seqs: string): Promise<void> {
  await database.sql.unsafe(
    `insert into metric_stream as s (run_id, stream, client_id, attempt, sealed)
     values ($1::bigint, $2::int, $3::uuid, 1, $4::int8multirange)
     on conflict (run_id, stream) do update set sealed = s.sealed + excluded.sealed`,
    [runId, stream, randomUUID(), seqs],
  )
  await database.sql`
    insert into metric_seal as s (run_id, version) values (${runId}, 1)
    on conflict (run_id) do update set version = s.version + 1`
}

async function tailOf(runId: number): Promise<string[]> {
  const rows = await database.sql<{ seq: number; data: Buffer }[]>`
    select seq, data from metric_tail where run_id = ${runId} order by stream, seq`
  return rows.map(({ seq, data }) => `${seq} ${data.toString('utf8')}`)
}

/** The same pool, which notes every statement that it is given as text. */
function recorded(sql: Sql, texts: string[]): Sql {
  return new Proxy(sql, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (name !== 'unsafe') return value
      return (...args: Parameters<Sql['unsafe']>) => {
        texts.push(args[0])
        return target.unsafe(...args)
      }
    },
  })
}
