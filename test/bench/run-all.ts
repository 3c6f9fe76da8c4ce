/**
 * Runs every benchmark once on a database of its own (the embedded one, or a new database at TEST_DATABASE_URL) and keeps the figures
 * with commit and machine under `results/`. Ratios are taken inside one run, so that a slow machine does not fail them.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DatabaseTarget, endClient, openClient, openClients } from '#src/db/clients.ts'
import { openEngine } from '#src/db/engine/open.ts'
import { migrate } from '#src/db/migrate.ts'
import { inDatabase } from '#test/setup/target.ts'
import { benchDatabase } from './database.bench.ts'
import { benchDoor } from './door.bench.ts'
import { benchIngest } from './ingest.bench.ts'
import { benchSdk } from './sdk.bench.ts'

const startedAt = new Date()
const database = await openDatabase()
const clients = openClients(database.target, { max: 2, name: 'descent bench' })
try {
  const loadBefore = os.loadavg()[0]
  const [server] = await clients.sql<{ version: string }[]>`select current_setting('server_version') as version`
  say(
    `PostgreSQL ${server?.version} (${database.kind}), ${os.cpus().length} cores, load ${loadBefore?.toFixed(1)} before the start.`,
  )

  const layer = await benchDatabase(database.target)
  say(
    `Database layer: ${millions(layer.tailPointsPerSecond)} points/s in groups, ${millions(layer.rowPointsPerSecond)} as rows.`,
  )
  say(
    `Batches of 20 points: ${layer.groupedBatchesPerSecond}/s in groups, ${layer.singleBatchesPerSecond}/s with a commit each.`,
  )
  const ingest = await benchIngest(clients, database.target)
  for (const [name, load] of Object.entries(ingest))
    say(
      `Whole door, ${name}, 16 connections: ${load.requestsPerSecond} requests/s, ${millions(load.pointsPerSecond)} points/s, p50 ${load.p50Ms} ms, p99 ${load.p99Ms} ms, ${load.serverCpuMicrosecondsPerRequest} µs of the server's CPU each.`,
    )
  const { door, nextRoute } = await benchDoor(clients, database.target)
  for (const [name, load] of Object.entries({ 'Bare door': door, 'Next route': nextRoute }))
    say(
      `${name}: ${load.requestsPerSecond} requests/s, p50 ${load.p50Ms} ms, ${load.serverCpuMicrosecondsPerRequest} µs of CPU each.`,
    )

  const sdk = benchSdk()
  say(
    sdk
      ? `Python client: log() of 20 keys takes ${sdk.log.median_us} µs in the median, ${sdk.log.p99_us} µs at 99 %; the plainest queue ${sdk.plainest_queue.median_us} µs.`
      : 'Python client: not measured, since there is no python3 on the path.',
  )

  const ratios: Bound[] = [
    ratio('door-to-next-route', door.requestsPerSecond / nextRoute.requestsPerSecond, 10),
    // What else runs on the machine takes requests per second from both, but hardly CPU per request.
    ratio(
      'next-route-to-door-cpu',
      nextRoute.serverCpuMicrosecondsPerRequest / door.serverCpuMicrosecondsPerRequest,
      10,
    ),
    ratio('tail-to-row-per-point', layer.tailPointsPerSecond / layer.rowPointsPerSecond, 10),
    ratio('grouped-to-single-commits', layer.groupedBatchesPerSecond / layer.singleBatchesPerSecond, 4),
    ...(sdk ? [{ name: 'sdk-log-median-microseconds', value: sdk.log.median_us, atMost: 5 }] : []),
  ]
  const result = {
    commit: commit(),
    at: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1_000),
    machine: {
      cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
      cores: os.cpus().length,
      memoryGiB: Math.round(os.totalmem() / 2 ** 30),
      platform: `${os.platform()} ${os.arch()}`,
      node: process.version,
      loadBefore,
    },
    engine: { kind: database.kind, version: server?.version },
    ratios,
    database: layer,
    ingest,
    door,
    nextRoute,
    sdk,
  }
  const folder = fileURLToPath(new URL('results', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `${startedAt.toISOString().slice(0, 10)}-${result.commit.slice(0, 10)}.json`)
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
  for (const bound of ratios)
    say(
      `RATIO ${bound.name} ${bound.value} ${bound.atLeast === undefined ? `at-most ${bound.atMost}` : `at-least ${bound.atLeast}`}`,
    )
  say(`Kept in ${path.relative(process.cwd(), file)}.`)
  process.exitCode = ratios.every(holds) ? 0 : 1
} finally {
  await clients.end()
  await database.end()
}

/** A figure with the bound that it must hold. */
interface Bound {
  name: string
  value: number
  atLeast?: number
  atMost?: number
}

function ratio(name: string, value: number, atLeast: number): Bound {
  return { name, value: Number(value.toFixed(1)), atLeast }
}

function holds({ value, atLeast = -Infinity, atMost = Infinity }: Bound): boolean {
  return value >= atLeast && value <= atMost
}

function millions(n: number): string {
  return `${(n / 1e6).toFixed(2)} M`
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

async function openDatabase(): Promise<{ kind: string; target: DatabaseTarget; end: () => Promise<void> }> {
  const url = process.env.TEST_DATABASE_URL
  if (url) {
    const server: DatabaseTarget = { kind: 'url', url }
    const name = `descent_bench_${process.pid}`
    await asAdmin(server, (admin) => admin`create database ${admin(name)}`)
    const target = inDatabase(server, name)
    await migrate(target)
    return {
      kind: 'TEST_DATABASE_URL',
      target,
      end: () => asAdmin(server, (admin) => admin`drop database ${admin(name)} with (force)`),
    }
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'descent-bench-'))
  chmodSync(folder, 0o711)
  const engine = await openEngine({ dataDir: folder, projectDir: folder })
  await migrate(engine.target)
  return {
    kind: 'embedded',
    target: engine.target,
    end: async () => {
      await engine.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function asAdmin(
  server: DatabaseTarget,
  work: (admin: ReturnType<typeof openClient>) => Promise<unknown>,
): Promise<void> {
  const admin = openClient(server, { max: 1, name: 'descent bench', statementTimeoutMs: 30_000 })
  try {
    await work(admin)
  } finally {
    await endClient(admin)
  }
}
