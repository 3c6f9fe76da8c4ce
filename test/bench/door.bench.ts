import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { DatabaseClients } from '#src/db/clients.ts'
import { makeBodies } from './bodies.ts'
import { batchHead } from './ingest.bench.ts'
import { type Load, measureLoad } from './load.ts'
import { startServerProcess } from './server-process.ts'
import { makeBenchWorld } from './world.ts'

const CONNECTIONS = 16
const SECONDS = 4
const NEXT_ROUTE = fileURLToPath(new URL('next-route', import.meta.url))

/**
 * The same handler without a store behind our door (with key, limits and headers) and in a Next route (with none of them): one step
 * × 20 keys as JSON. The median of three turns each, taken alternately.
 */
export async function benchDoor(clients: DatabaseClients, target: object): Promise<{ door: Load; nextRoute: Load }> {
  buildNextRoute()
  const world = await makeBenchWorld(clients.sql, CONNECTIONS)
  const bodies = makeBodies(1)
  const stream = randomUUID()
  const door = await startServerProcess('door-server.ts', { target, isBare: true })
  const nextRoute = await startServerProcess('next-server.ts', { dir: NEXT_ROUTE })
  const request = (path?: string) => (connection: number, n: number) => ({
    head: batchHead(world, connection, stream, n, path === undefined ? {} : { path }),
    body: bodies[n % bodies.length]?.(n) ?? '',
  })
  const turns: { door: Load; nextRoute: Load }[] = []
  try {
    for (let turn = 0; turn < 3; turn++)
      turns.push({
        door: await measureLoad({ ...door, request: request() }, { connections: CONNECTIONS, seconds: SECONDS }),
        nextRoute: await measureLoad(
          { ...nextRoute, request: request('/ingest') },
          { connections: CONNECTIONS, seconds: SECONDS },
        ),
      })
  } finally {
    await door.stop()
    await nextRoute.stop()
  }
  return { door: median(turns.map((turn) => turn.door)), nextRoute: median(turns.map((turn) => turn.nextRoute)) }
}

const median = (loads: Load[]): Load =>
  loads.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond)[Math.floor(loads.length / 2)] as Load

function buildNextRoute(): void {
  const cli = createRequire(import.meta.url).resolve('next/dist/bin/next')
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'build', NEXT_ROUTE], {
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The Next route could not be built:\n${stdout}\n${stderr}`)
}
