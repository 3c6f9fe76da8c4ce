/** More work than the machine can do, and clients that hold connections without using them: answers stay quick, nothing is lost. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent, request as send } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openClients } from '#src/db/clients.ts'
import { placeEngine, socketFile } from '#src/db/engine/place.ts'
import { ENGINE_USER } from '#src/db/engine/start.ts'
import { type BenchWorld, makeBenchWorld } from '#test/bench/world.ts'
import { dataFolder, type ServerProcess, startProcess, untilReady } from '../server/start-process.ts'

const KEYS = 20
const STEPS = 50
/** Heads 256 MB, decoded blocks 64 MB, bodies on their way 64 MB, and the process itself. */
const MEMORY_BYTES_MAX = 800 * 2 ** 20

async function start(port: number, runs: number) {
  const dataDir = dataFolder()
  const server = startProcess(port, { LOG_LEVEL: 'error', DATABASE_POOL: '2' }, dataDir)
  onTestFinished(() => server.remove())
  await untilReady(server)
  const { run } = placeEngine({ dataDir, projectDir: dataDir, major: 18 })
  const target = { kind: 'embedded', socket: socketFile(run), user: ENGINE_USER, database: 'descent' } as const
  const clients = openClients(target, { max: 1, name: 'overload test' })
  const world = await makeBenchWorld(clients.sql, runs)
  return { server, world, clients }
}

const values = Array.from(
  { length: KEYS },
  (_, k) => `"key/${k}":[${Array.from({ length: STEPS }, (_u, i) => i + k / 7)}]`,
)

/** 1,000 points. */
const bodyOf = (seq: number): string =>
  `{"groups":[{"step":[${Array.from({ length: STEPS }, (_, i) => (seq - 1) * STEPS + i)}],"m":{${values}}}]}`

interface Tally {
  /** Of accepted batches, ms. */
  times: number[]
  refused: number
  acked: number
}

/** A client that sends one batch after another, at most so many a second, and waits when it is told to. */
async function write(
  server: ServerProcess,
  world: BenchWorld,
  run: number,
  perSecond: number,
  isGoing: () => boolean,
  tally: Tally,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const stream = randomUUID()
  const startedAt = performance.now()
  for (let seq = 1; isGoing(); seq++) {
    const early = startedAt + ((seq - 1) / perSecond) * 1_000 - performance.now()
    if (early > 0) await pause(early)
    const body = bodyOf(seq)
    for (let isStored = false; !isStored; ) {
      const at = performance.now()
      const answer = await post(server, world, run, stream, seq, body, agent)
      expect([200, 429, 503], answer.text).toContain(answer.status)
      isStored = answer.status === 200
      if (isStored) {
        tally.times.push(performance.now() - at)
        tally.acked++
      } else {
        tally.refused++
        expect(answer.retryAfter).toBeGreaterThan(0)
        await pause(Math.min(answer.retryAfter, 5) * 1_000 * (0.5 + Math.random() / 2))
      }
    }
  }
  agent.destroy()
}

function post(
  { port }: ServerProcess,
  world: BenchWorld,
  run: number,
  stream: string,
  seq: number,
  body: string,
  agent: Agent,
): Promise<{ status: number; text: string; retryAfter: number }> {
  return new Promise((resolve, reject) => {
    const call = send(
      {
        host: '127.0.0.1',
        port,
        agent,
        method: 'POST',
        path: `/api/v1/runs/${world.runs[run]?.uid}/metrics`,
        headers: {
          host: `localhost:${port}`,
          authorization: `Bearer ${world.key}`,
          'content-type': 'application/json',
          'content-length': body.length,
          'x-stream': stream,
          'x-seq': String(seq),
          'x-attempt': '1',
        },
      },
      (answer) => {
        let text = ''
        answer.on('data', (chunk) => (text += chunk))
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text, retryAfter: Number(answer.headers['retry-after'] ?? 0) }),
        )
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

const newTally = (): Tally => ({ times: [], refused: 0, acked: 0 })
const quantile = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))] ?? Number.POSITIVE_INFINITY

/** Resident memory of a process now, bytes. */
function memoryOf(server: ServerProcess): number {
  const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
}

/** Runs writers for a while; batches per second, and how long they took. */
async function load(
  server: ServerProcess,
  world: BenchWorld,
  from: number,
  writers: number,
  perSecond: number,
  ms: number,
) {
  let isGoing = true
  const tallies = Array.from({ length: writers }, newTally)
  const all = Promise.all(
    tallies.map((tally, w) => write(server, world, from + w, perSecond / writers, () => isGoing, tally)),
  )
  all.catch(() => {})
  let memory = 0
  for (const until = Date.now() + ms; Date.now() < until; await pause(250)) memory = Math.max(memory, memoryOf(server))
  isGoing = false
  await all
  const times = tallies.flatMap((tally) => tally.times)
  return { tallies, times, memory, perSecond: times.length / (ms / 1_000) }
}

test('five times the capacity for a minute on two connections to the database: accepted batches take less than 2 s, memory stays under its cap, nothing is lost', async () => {
  const PROBES = 16
  const WRITERS = 80
  const { server, world, clients } = await start(17_131, PROBES + WRITERS)
  const capacity = await load(server, world, 0, PROBES, 1e9, 4_000)
  const flood = await load(server, world, PROBES, WRITERS, 5 * capacity.perSecond, 60_000)
  const p99 = quantile(flood.times, 0.99)
  process.stdout.write(
    `Overload: capacity ${Math.round(capacity.perSecond)} batches/s; under five times that ${Math.round(flood.perSecond)}/s accepted, ` +
      `p99 ${Math.round(p99)} ms, ${flood.tallies.reduce((n, t) => n + t.refused, 0)} refused, ${Math.round(flood.memory / 2 ** 20)} MB.\n`,
  )
  expect(p99).toBeLessThan(2_000)
  expect(flood.memory).toBeLessThan(MEMORY_BYTES_MAX)
  // Nothing is lost, nothing is there twice: what each client had acknowledged is what its run holds.
  const stored = await clients.sql<{ run_id: number; points: number }[]>`
    select run_id, sum(points)::bigint as points from (
      select t.run_id, t.n_points::bigint as points from metric_tail t
        left join metric_stream s on s.run_id = t.run_id and s.stream = t.stream
        where not coalesce(s.sealed @> t.seq, false)
      union all select run_id, n from metric_series where metric_id > 0) p group by run_id`
  const points = new Map(stored.map((row) => [row.run_id, row.points]))
  for (const [w, tally] of flood.tallies.entries())
    expect(points.get(world.runs[PROBES + w]?.id ?? 0)).toBe(tally.acked * STEPS * KEYS)
  await clients.end()
}, 120_000)

test('500 clients that send a byte a second and 200 that never read what they asked for do not slow the others by more than half', async () => {
  const WRITERS = 8
  const { server, world, clients } = await start(17_132, 3 * WRITERS)
  const sockets: Socket[] = []
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  const before = await load(server, world, 0, WRITERS, 1e9, 6_000)

  const open = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', () => {
        sockets.push(socket)
        socket.on('error', () => {})
        resolve(socket)
      })
      socket.once('error', reject)
    })
  const head = (method: string, path: string, key: string, more = '') =>
    `${method} ${path} HTTP/1.1\r\nhost: localhost:${server.port}\r\nauthorization: Bearer ${key}\r\n${more}\r\n`
  const [run] = world.runs
  for (let i = 0; i < 500; i++) {
    const socket = await open()
    socket.resume()
    socket.write(
      head(
        'POST',
        `/api/v1/runs/${run?.uid}/metrics`,
        world.key,
        `content-type: application/json\r\ncontent-length: 4096\r\nx-stream: ${randomUUID()}\r\nx-seq: 1\r\nx-attempt: 1\r\n`,
      ),
    )
  }
  for (let i = 0; i < 200; i++) {
    const socket = await open()
    socket.pause()
    socket.write(head('GET', `/api/v1/live?project=bench&runs=1-${2 * WRITERS}`, world.readKey))
  }
  const dripping = setInterval(() => {
    for (const socket of sockets.slice(0, 500)) if (socket.writable) socket.write('{')
  }, 1_000)
  onTestFinished(() => clearInterval(dripping))
  const during = await load(server, world, WRITERS, WRITERS, 1e9, 6_000)
  process.stdout.write(
    `Idle clients: ${Math.round(before.perSecond)} batches/s without, ${Math.round(during.perSecond)} with; ` +
      `p95 ${Math.round(quantile(before.times, 0.95))} and ${Math.round(quantile(during.times, 0.95))} ms; ${Math.round(during.memory / 2 ** 20)} MB.\n`,
  )
  let without = before.perSecond
  if (during.perSecond <= without / 2) {
    // Something else may have slowed the machine down meanwhile: then it is slow once they are gone, too.
    clearInterval(dripping)
    for (const socket of sockets) socket.destroy()
    without = Math.min(without, (await load(server, world, 2 * WRITERS, WRITERS, 1e9, 6_000)).perSecond)
  }
  expect(during.perSecond).toBeGreaterThan(without / 2)
  expect(during.memory).toBeLessThan(MEMORY_BYTES_MAX)
  await clients.end()
}, 60_000)
