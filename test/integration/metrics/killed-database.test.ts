import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseClients, openClients } from '#src/db/clients.ts'
import { type Engine, openEngine } from '#src/db/engine/open.ts'
import { migrate } from '#src/db/migrate.ts'
import { Refusal } from '#src/services/errors.ts'
import { batchOf, float64s, makeWorld, openStore } from './world.ts'

let folder: string
let engine: Engine
let clients: DatabaseClients

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'descent-kill-'))
  chmodSync(folder, 0o711)
  engine = await openEngine({ dataDir: folder, projectDir: folder, settings: { shared_buffers: '32MB' } })
  await migrate(engine.target)
  clients = openClients(engine.target, { max: 4, name: 'descent kill test' })
})
afterAll(async () => {
  await clients.end()
  await engine.stop()
  rmSync(folder, { recursive: true, force: true })
})

const KILLS = 4
const WRITERS = 4

test('every acknowledged batch is there exactly once after the database was killed under load', async () => {
  const world = await makeWorld(clients.sql)
  const runs = await Promise.all([1, 2].map(() => world.makeRun()))
  const store = await openStore(clients.sql)
  /** Per writer: the steps that were acknowledged. */
  const ledgers = Array.from({ length: WRITERS }, () => new Set<number>())
  let isGoing = true
  let away = 0

  const writers = ledgers.map(async (ledger, w) => {
    const run = runs[w % runs.length] as (typeof runs)[number]
    const clientId = randomUUID()
    for (let seq = 1; isGoing; seq++) {
      // Steps of writers of one run do not meet.
      const step = seq * WRITERS + w
      const batch = batchOf(world, run.id, clientId, seq, {
        groups: [
          { step: [step], m: Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`key/${k}`, [step + k]])) },
        ],
      })
      for (;;) {
        try {
          await store.append(batch)
          ledger.add(step)
          break
        } catch (error) {
          // Nothing but "send it again": the server lives on, and says so.
          expect(error).toBeInstanceOf(Refusal)
          expect(error).toMatchObject({ code: 'unavailable' })
          away++
          await pause(5)
        }
      }
    }
    return { run, clientId }
  })

  for (let kill = 0; kill < KILLS; kill++) {
    await pause(200 + Math.random() * 200)
    while (ledgers.reduce((n, ledger) => n + ledger.size, 0) <= 30 * (kill + 1)) await pause(5)
    const pid = engine.pid()
    if (pid !== null) process.kill(pid, 'SIGKILL')
    for (const deadline = Date.now() + 10_000; engine.state() !== 'running' || engine.pid() === pid; await pause(5))
      if (Date.now() > deadline) throw new Error(`The engine did not come back: ${engine.state()}.`)
  }
  await pause(300)
  isGoing = false
  await Promise.all(writers)
  expect(away).toBeGreaterThan(0)
  expect(ledgers.reduce((n, ledger) => n + ledger.size, 0)).toBeGreaterThan(100)

  const afterRestart = await openStore(clients.sql)
  for (const reader of [store, afterRestart]) {
    for (const [r, run] of runs.entries()) {
      const [series] = await reader.chart({
        workspaceId: world.workspaceId,
        runs: [{ ...run, startedAtMs: null }],
        metrics: ['key/3'],
        x: 'step',
        px: 1_000_000,
        superseded: false,
      })
      const steps = [...float64s(series?.x ?? '')]
      const acknowledged = ledgers.flatMap((ledger, w) => (w % runs.length === r ? [...ledger] : []))
      expect(steps).toEqual(acknowledged.toSorted((a, b) => a - b))
      expect([...float64s(series?.y ?? '')]).toEqual(steps.map((step) => step + 3))
      const summaries = (await reader.summaries(world.workspaceId, [run.id])).get(run.id)
      expect(summaries).toHaveLength(20)
      expect(summaries?.[0]).toMatchObject({ n: steps.length, last_step: steps.at(-1) })
      for (const cursor of await reader.cursors(run.id)) expect(cursor.missing).toEqual([])
    }
  }
  await store.close()
  await afterRestart.close()
}, 60_000)
