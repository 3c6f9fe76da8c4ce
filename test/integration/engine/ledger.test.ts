/**
 * Eight writers on three runs, each with a ledger of what the server acknowledged, while the server and the database are killed at
 * seeded moments. Afterwards everything acknowledged is there exactly once, and nothing that nobody sent.
 */
import { randomUUID } from 'node:crypto'
import { request as send } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { endClient, openClient, openClients } from '#src/db/clients.ts'
import { placeEngine, socketFile } from '#src/db/engine/place.ts'
import { ENGINE_USER } from '#src/db/engine/start.ts'
import { makeBenchWorld } from '#test/bench/world.ts'
import { dataFolder, type ServerProcess, startProcess, untilReady } from '../server/start-process.ts'
import { ownEngine, postmasterPid } from './own-engine.ts'
import { readStored } from './read-stored.ts'

const WRITERS = 8
const RUNS = 3
const KEYS = 20
const SERVER_KILLS = 20
const DATABASE_KILLS = 10
const SEED = 20_261_125

/** Marsaglia's xorshift: the same moments in every run of the test. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

interface Batch {
  run: number
  seq: number
  steps: number[]
  body: string
}

/** Every third key is a full double: a value tells its writer, step and key. */
const valueAt = (step: number, key: number): number => (key % 3 === 0 ? step + key / 7 : step + key)

test('every acknowledged point is stored once and nothing is invented, over 20 kills of the server and 10 of the database', async () => {
  const dataDir = dataFolder()
  const port = 17_130
  let server: ServerProcess = startProcess(port, { LOG_LEVEL: 'error' }, dataDir)
  onTestFinished(() => server.remove())
  await untilReady(server)
  // Beside the server, without an engine object: that would start the engine again by itself.
  const place = placeEngine({ dataDir, projectDir: dataDir, major: 18 })
  const target = { kind: 'embedded', socket: socketFile(place.run), user: ENGINE_USER, database: 'descent' } as const
  const clients = openClients(target, { max: 1, name: 'ledger test' })
  const world = await makeBenchWorld(clients.sql, RUNS)
  const random = seeded(SEED)

  /** Per run: step → times acknowledged as written (`dup: false`). */
  const ledger = world.runs.map(() => new Map<number, number>())
  const sent = world.runs.map(() => new Set<number>())
  let isGoing = true
  let unknown = 0
  let replays = 0
  let dups = 0

  const post = (batch: Batch, stream: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const call = send(
        {
          host: '127.0.0.1',
          port,
          method: 'POST',
          path: `/api/v1/runs/${world.runs[batch.run]?.uid}/metrics`,
          headers: {
            host: `localhost:${port}`,
            authorization: `Bearer ${world.key}`,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(batch.body),
            'x-stream': stream,
            'x-seq': String(batch.seq),
            'x-attempt': '1',
          },
          timeout: 10_000,
        },
        (answer) => {
          let text = ''
          answer.on('data', (chunk) => (text += chunk))
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
          answer.on('error', reject)
        },
      )
      call.on('timeout', () => call.destroy(new Error('timeout')))
      call.on('error', reject)
      call.end(batch.body)
    })

  /** The same bytes under the same seq until they are acknowledged. */
  async function deliver(batch: Batch, stream: string): Promise<{ dup: boolean; written: number }> {
    for (;;) {
      const answer = await post(batch, stream).catch(() => null)
      if (answer?.status === 200) return JSON.parse(answer.text)
      // Away, starting or overloaded: nothing else may be said to a good batch.
      if (answer) expect([429, 503], `${answer.text}\n${server.output()}`).toContain(answer.status)
      else unknown++
      await pause(20)
    }
  }

  const writers = Array.from({ length: WRITERS }, async (_, w) => {
    const mine = seeded(SEED + w + 1)
    const streams = world.runs.map(() => randomUUID())
    const seqs = world.runs.map(() => 0)
    const next = world.runs.map(() => w)
    const old: Batch[] = []
    while (isGoing) {
      const run = Math.floor(mine() * RUNS)
      const steps: number[] = []
      for (let i = 1 + Math.floor(mine() * 150); i > 0; i--) {
        steps.push(next[run] as number)
        next[run] = (next[run] as number) + WRITERS
      }
      const m = Object.fromEntries(
        Array.from({ length: KEYS }, (_unused, k) => [`key/${k}`, steps.map((step) => valueAt(step, k))]),
      )
      const seq = (seqs[run] as number) + 1
      seqs[run] = seq
      const t = steps.map((step) => 1_700_000_000_000 + step)
      const batch = { run, seq, steps, body: JSON.stringify({ groups: [{ step: steps, t, m }] }) }
      for (const step of steps) sent[run]?.add(step)
      const outcome = await deliver(batch, streams[run] as string)
      // After an unknown outcome the first sending may have been stored: then this one is a duplicate, and as good.
      expect([0, steps.length * KEYS]).toContain(outcome.written)
      for (const step of steps) ledger[run]?.set(step, 1)
      old.push(batch)
      if (mine() < 0.1) {
        // An answer that was lost: the whole batch comes again, perhaps long after it was sealed.
        const again = old[Math.floor(mine() * old.length)] as Batch
        replays++
        if ((await deliver(again, streams[again.run] as string)).dup) dups++
      }
      if (old.length > 400) old.shift()
    }
  })

  // Interleaved: a server gives up when its engine dies five times within five minutes of its own life.
  const kills = Array.from({ length: SERVER_KILLS }, (_, i) =>
    i % 2 === 0 && i / 2 < DATABASE_KILLS ? (['server', 'database'] as const) : (['server'] as const),
  ).flat()
  for (const what of kills) {
    await pause(300 + random() * 900)
    if (what === 'server') {
      server.child.kill('SIGKILL')
      await server.exited
      server = startProcess(port, { LOG_LEVEL: 'error' }, dataDir)
      await untilReady(server)
    } else {
      const pid = postmasterPid(place.data)
      if (pid !== null) process.kill(pid, 'SIGKILL')
      await untilReady(server)
    }
  }
  await pause(500)
  isGoing = false
  await Promise.all(writers)
  await clients.end()

  expect(unknown).toBeGreaterThan(0)
  expect(replays).toBeGreaterThan(10)
  expect(dups).toBe(replays)

  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
  const engine = await ownEngine(dataDir)
  const sql = openClient(engine.target, { max: 2, name: 'ledger reader', statementTimeoutMs: 60_000 })
  try {
    let points = 0
    let sealed = 0
    for (const [r, run] of world.runs.entries()) {
      const stored = await readStored(sql, run.id)
      sealed += stored.sealedPoints
      const acknowledged = [...(ledger[r]?.keys() ?? [])].toSorted((a, b) => a - b)
      expect(acknowledged.every((step) => sent[r]?.has(step))).toBe(true)
      expect(stored.series.size).toBe(KEYS)
      const keys = await sql<{ id: number; name: string }[]>`
        select id, name from metric_keys where workspace_id = ${world.workspaceId}`
      for (const { id, name } of keys) {
        const series = stored.series.get(id)
        const k = Number(name.slice(4))
        expect(series?.map((point) => point.step)).toEqual(acknowledged)
        expect(series?.every((point) => point.value === valueAt(point.step, k))).toBe(true)
        expect(series?.every((point) => point.time === 1_700_000_000_000 + point.step)).toBe(true)
        // A step in two places would be one point twice: blocks and tail hold each once.
        expect(stored.copies.get(id)).toBe(acknowledged.length)
        points += acknowledged.length
      }
    }
    expect(sealed).toBeGreaterThan(0)
    process.stdout.write(
      `Ledger: ${points} points of ${WRITERS} writers, ${sealed} of them sealed, ${unknown} unknown outcomes, ${replays} replays.\n`,
    )
  } finally {
    await endClient(sql)
  }
}, 240_000)
