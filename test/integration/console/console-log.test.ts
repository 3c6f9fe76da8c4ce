import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenStore } from '#src/services/metrics/open-store.ts'
import { batchOf, makeWorld, openStore, type World } from '#test/integration/metrics/world.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'

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

const lines = (...texts: string[]) => ({ lines: texts.map((text, i) => ({ t: 1_000 + i, fd: 1, text })) })
const all = { limit: 1_000, tail: false }

test('lines are numbered in the order in which they came and read back as they were', async () => {
  const run = await world.makeRun()
  const clientId = randomUUID()
  await store.appendConsole(batchOf(world, run.id, clientId, 1, lines('eins', 'zwei ü 🙂\u0000')))
  const outcome = await store.appendConsole(
    batchOf(world, run.id, randomUUID(), 1, { lines: [{ t: 5, fd: 2, text: 'drei' }] }, { attempt: 2 }),
  )
  expect(outcome).toEqual({ dup: false, written: 1, rejected: [], contiguous: 1, missing: [] })
  expect(await store.console(run.id, all)).toEqual({
    first_line: 0,
    total_lines: 3,
    lines: [
      { n: 0, t: 1_000, fd: 1, attempt: 1, text: 'eins' },
      { n: 1, t: 1_001, fd: 1, attempt: 1, text: 'zwei ü 🙂\u0000' },
      { n: 2, t: 5, fd: 2, attempt: 2, text: 'drei' },
    ],
  })
})

test('a re-send is stored once, other lines under the same number are a conflict, holes are named', async () => {
  const run = await world.makeRun()
  const clientId = randomUUID()
  const second = batchOf(world, run.id, clientId, 2, lines('b'))
  expect(await store.appendConsole(second)).toMatchObject({ dup: false, contiguous: 0, missing: [[1, 1]] })
  expect(await store.appendConsole(second)).toMatchObject({ dup: true, written: 0 })
  await expect(store.appendConsole(batchOf(world, run.id, clientId, 2, lines('x')))).rejects.toMatchObject({
    code: 'conflict',
  })
  await store.appendConsole(batchOf(world, run.id, clientId, 1, lines('a')))
  expect(await store.cursors(run.id, [clientId])).toMatchObject([{ contiguous: 2, missing: [], closed: false }])
  await store.closeStream(run.id, clientId, 2)
  expect((await store.console(run.id, all)).total_lines).toBe(2)
})

test('many writers at once leave no gap and no number twice', async () => {
  const run = await world.makeRun()
  const clients = Array.from({ length: 8 }, () => randomUUID())
  const sends = clients.flatMap((clientId, c) =>
    Array.from({ length: 12 }, (_, i) =>
      batchOf(
        world,
        run.id,
        clientId,
        i + 1,
        lines(...Array.from({ length: 1 + (i % 3) }, (_, l) => `${c}:${i}:${l}`)),
      ),
    ),
  )
  await Promise.all([...sends, ...sends.slice(0, 30)].map((batch) => store.appendConsole(batch)))
  const page = await store.console(run.id, all)
  expect(page.total_lines).toBe(8 * 24)
  expect(page.lines.map((line) => line.n)).toEqual(Array.from({ length: 8 * 24 }, (_, i) => i))
  expect(new Set(page.lines.map((line) => line.text)).size).toBe(8 * 24)
})

test('pages begin at any line, and the tail is the last ones', async () => {
  const run = await world.makeRun()
  const clientId = randomUUID()
  for (let seq = 1; seq <= 10; seq++)
    await store.appendConsole(
      batchOf(world, run.id, clientId, seq, lines(...Array.from({ length: 7 }, (_, i) => `${seq}.${i}`))),
    )
  const numbers = async (query: Parameters<OpenStore['console']>[1]) =>
    (await store.console(run.id, query)).lines.map((l) => l.n)
  expect(await numbers({ from: 12, limit: 5, tail: false })).toEqual([12, 13, 14, 15, 16])
  expect(await numbers({ from: 68, limit: 5, tail: false })).toEqual([68, 69])
  expect(await numbers({ from: 500, limit: 5, tail: false })).toEqual([])
  expect(await numbers({ limit: 3, tail: true })).toEqual([67, 68, 69])
  expect((await store.console(run.id, { from: 12, limit: 1, tail: false })).lines[0]?.text).toBe('2.5')
})

test('a batch in which every line is refused still counts as sent', async () => {
  const run = await world.makeRun()
  const clientId = randomUUID()
  expect(
    await store.appendConsole(batchOf(world, run.id, clientId, 1, { lines: [{ t: 1, fd: 9, text: 'x' }] })),
  ).toMatchObject({
    written: 0,
    rejected: [{ key: 'lines/0', reason: 'invalid_fd' }],
    contiguous: 1,
  })
  await store.appendConsole(batchOf(world, run.id, clientId, 2, lines('y')))
  expect((await store.console(run.id, all)).lines).toMatchObject([{ n: 0, text: 'y' }])
})

test('a line of more than 64 KiB is cut and says so; a deleted run takes no lines', async () => {
  const run = await world.makeRun()
  const clientId = randomUUID()
  await store.appendConsole(batchOf(world, run.id, clientId, 1, lines('x'.repeat(70_000))))
  const [line] = (await store.console(run.id, all)).lines
  expect(line?.text.length).toBeLessThanOrEqual(65_536)
  expect(line?.text).toMatch(/x … \[\d+ bytes cut\]$/)
  await store.setWriter(run.id, { fence: 0, attempt: 1, state: 'deleted' })
  await expect(store.appendConsole(batchOf(world, run.id, clientId, 2, lines('z')))).rejects.toMatchObject({
    code: 'run_deleted',
  })
})

test('a run that only the control plane knows is made known by its console too', async () => {
  const run = await world.makeRun({ admit: false })
  expect(await store.appendConsole(batchOf(world, run.id, randomUUID(), 1, lines('a')))).toMatchObject({ dup: false })
  await expect(store.appendConsole(batchOf(world, 999_999_998, randomUUID(), 1, lines('a')))).rejects.toMatchObject({
    code: 'not_found',
  })
})
