import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DATA_PLANE } from '#src/db/citus/data-plane.ts'
import { distribute } from '#src/db/citus/distribute.ts'
import { findCitus } from '#src/db/citus/find-citus.ts'
import { Placements } from '#src/db/citus/placements.ts'
import { endClient, openClient } from '#src/db/clients.ts'
import { type OpenStore, openMetricStore } from '#src/services/metrics/open-store.ts'
import { listStatements } from '#test/house/statements.ts'
import { CITUS_URL, type CitusDatabase, citusDatabase, routeThrough } from '#test/setup/citus.ts'
import { batchOf, float64s, makeWorld, quiet, type World } from './world.ts'

const why = CITUS_URL ? '' : ' (skipped: CITUS_URL is not set, so there is no cluster to run on)'

describe.skipIf(!CITUS_URL)(`on a Citus cluster${why}`, () => {
  let database: CitusDatabase
  let world: World
  let store: OpenStore

  const openStore = (at: Placements) => openMetricStore({ sql: database.sql, log: quiet, ...routeThrough(at) })

  beforeAll(async () => {
    database = await citusDatabase()
    world = await makeWorld(database.sql)
    store = await openStore(database.placements)
  })
  afterAll(async () => {
    await store.close()
    await database.drop()
  })

  test('the data plane is distributed as a whole, and distributing again changes nothing', async () => {
    expect(await findCitus(database.sql)).toMatchObject({ local: [] })
    const again = await distribute(database.target)
    expect(again.distributed).toEqual([])
    expect(again.shards).toBe(32)
  })

  test('runs lie on every node that takes shards, and their groups go there', async () => {
    const runs = await Promise.all(Array.from({ length: 40 }, () => world.makeRun()))
    const keys = await Promise.all(runs.map((run) => database.placements.queueOf(run.id)))
    const { nodes } = await distribute(database.target)
    expect(new Set(keys)).toEqual(new Set(nodes))
    expect(database.sentences).toEqual([])
    await Promise.all(runs.map((run) => store.append(batchOf(world, run.id, randomUUID(), 1, oneStep(run.number)))))
    for (const run of runs) expect(await stepsOf(store, run)).toEqual([run.number])
  })

  test('a batch is stored once and judged as on one machine', async () => {
    const run = await world.makeRun()
    const clientId = randomUUID()
    const send = (runId: number, seq: number, step: number, fence = 0) =>
      store
        .append(batchOf(world, runId, clientId, seq, oneStep(step), { fence }))
        .then(({ dup }) => (dup ? 'dup' : 'stored'))
        .catch((refusal) => refusal.code)
    expect(await send(run.id, 1, 1)).toBe('stored')
    expect(await send(run.id, 1, 1)).toBe('dup')
    expect(await send(run.id, 1, 2)).toBe('conflict')
    expect((await Promise.all(Array.from({ length: 8 }, () => send(run.id, 2, 2)))).sort()).toEqual([
      ...Array.from({ length: 7 }, () => 'dup'),
      'stored',
    ])
    await seal(run.id, '{[1,2]}')
    expect(await send(run.id, 1, 1)).toBe('dup')
    expect(await send(run.id, 3, 3)).toBe('stored')
    await store.setWriter(run.id, { fence: 2, attempt: 2, state: 'open' })
    expect(await send(run.id, 4, 4, 1)).toBe('stale_fence')
    await store.setWriter(run.id, { fence: 2, attempt: 2, state: 'deleted' })
    expect(await send(run.id, 4, 4, 2)).toBe('run_deleted')
    await store.reopen(run.id, { fence: 2, attempt: 2, state: 'open' })
    expect(await send(run.id, 4, 4, 2)).toBe('stored')
    expect(await send((await world.makeRun({ admit: false })).id, 1, 1)).toBe('stored')
    expect(await send(999_999_999, 1, 1)).toBe('not_found')
  })

  test('streams, attempts, summaries, console and a restart read what was written', async () => {
    const runs = await Promise.all(Array.from({ length: 10 }, () => world.makeRun()))
    const clientId = randomUUID()
    for (const run of runs) {
      await store.startAttempt(run.id, 1, 0)
      for (const seq of [1, 2, 3]) await store.append(batchOf(world, run.id, clientId, seq, oneStep(seq)))
      await store.appendConsole(
        batchOf(world, run.id, randomUUID(), 1, {
          lines: ['a', 'b'].map((text, t) => ({ t, fd: 1, text })),
        }),
      )
      await store.closeStream(run.id, clientId, 3)
    }
    const twenty = await world.makeRun()
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.append(batchOf(world, twenty.id, randomUUID(), 1, oneStep(i)))),
    )
    expect(await store.cursors(twenty.id)).toHaveLength(20)
    await store.flush()
    const restarted = await openStore(database.placements)
    for (const run of runs) {
      expect(await stepsOf(restarted, run)).toEqual([1, 2, 3])
      expect(
        (await restarted.console(run.id, { limit: 10, tail: false })).lines.map(({ n, text }) => [n, text]),
      ).toEqual([
        [0, 'a'],
        [1, 'b'],
      ])
      expect(await restarted.cursors(run.id, [clientId])).toMatchObject([{ contiguous: 3, closed: true }])
    }
    expect(await restarted.points(runs.map((run) => run.id))).toEqual(new Map(runs.map((run) => [run.id, 3])))
    const summaries = await restarted.summaries(world.workspaceId, [runs[0]?.id ?? 0])
    expect([...summaries.values()]).toMatchObject([[{ key: 'loss', n: 3, last_value: 3 }]])
    await restarted.close()
  })

  test('every statement on the data plane runs on it, in one step per shard', async () => {
    const names = new RegExp(`\\b(from|into|update|join)\\s+(${DATA_PLANE.join('|')})\\b`, 'i')
    const statements = listStatements().filter(
      ({ file, text }) => names.test(text) && !text.includes('?') && !file.endsWith('/insert-batches.ts'),
    )
    expect(statements.length).toBeGreaterThan(20)
    const sql = openClient(database.target, { max: 1, name: 'descent test', statementTimeoutMs: 30_000 })
    const failed: string[] = []
    for (const { at, text } of statements)
      try {
        // A text that ends with the head of its rows is the seal's: `insertRows` adds them.
        if (/\bvalues\s*$/i.test(text)) continue
        await sql.unsafe(`prepare of_file as ${text}`)
        const [prepared] = await sql<{ types: string[] }[]>`
          select parameter_types::text[] as types from pg_prepared_statements where name = 'of_file'`
        const call = (runs: number) => {
          const values = (prepared?.types ?? []).map((type) => `${literalOf(type, runs)}::${type}`)
          return `execute of_file${values.length > 0 ? `(${values.join(', ')})` : ''}`
        }
        const plan = await sql.unsafe(`explain (costs off) ${call(3)}`).values()
        // Two numbers may be, the bytes of blocks must not.
        if (/Distributed Subplan/.test(String(plan)) && /\bdata\b/.test(text))
          failed.push(`${at}: its rows are carried over the coordinator`)
        await sql
          .begin((tx) => tx.unsafe(call(1)).then(() => Promise.reject(new Error('undo'))))
          .catch((error) => {
            if (error.message !== 'undo') throw error
          })
      } catch (error) {
        failed.push(`${at}: ${error instanceof Error ? error.message : error}`)
      } finally {
        await sql.unsafe('deallocate all')
      }
    await endClient(sql)
    expect(failed).toEqual([])
  })

  test('a node that does not answer this server is written to through the coordinator, a queue per shard', async () => {
    const told: string[] = []
    const impatient = new Placements({
      sql: database.sql,
      target: database.target,
      log: (sentence) => told.push(sentence),
      answerMs: 0,
    })
    const through = await openStore(impatient)
    const runs = await Promise.all(Array.from({ length: 20 }, () => world.makeRun()))
    expect(await Promise.all(runs.map((run) => impatient.queueOf(run.id)))).toEqual(
      runs.map(() => expect.stringMatching(/^shard \d+$/)),
    )
    await Promise.all(runs.map((run) => through.append(batchOf(world, run.id, randomUUID(), 1, oneStep(7)))))
    for (const run of runs) expect(await stepsOf(store, run)).toEqual([7])
    expect(new Set(told).size).toBe(told.length)
    expect(told[0]).toContain('through the coordinator')
    await through.close()
    await impatient.end()
  })

  /** Any value of a type; arrays of so many, numbered. */
  function literalOf(type: string, items: number): string {
    const one: Record<string, string> = {
      uuid: randomUUID(),
      int8multirange: '{[1,2)}',
      text: 'aGk=',
      boolean: 'true',
      bytea: '\\x00',
    }
    const [base = '', isArray] = type.split('[')
    if (isArray === undefined) return `'${one[base] ?? '1'}'`
    return `'{${Array.from({ length: items }, (_, i) => `"${one[base] ?? i + 1}"`).join(',')}}'`
  }

  const oneStep = (step: number) => ({ groups: [{ step: [step], t: [1_000 + step], m: { loss: [step] } }] })

  /** As a seal leaves it, without blocks. */
  async function seal(runId: number, seqs: string): Promise<void> {
    const { sql } = database
    await sql.unsafe(
      'update metric_stream set sealed = sealed + $2::int8multirange where run_id = $1::bigint and stream = 1',
      [runId, seqs],
    )
    await sql`insert into metric_seal as s (run_id, version) values (${runId}, 1)`
    await sql`delete from metric_tail where run_id = ${runId}`
  }

  async function stepsOf(from: OpenStore, run: { id: number; number: number; uid: string }) {
    const [series] = await from.chart({
      workspaceId: world.workspaceId,
      runs: [{ ...run, startedAtMs: null }],
      metrics: ['loss'],
      x: 'step',
      px: 4_000,
      superseded: false,
    })
    return [...float64s(series?.x ?? '')]
  }
})
