import { randomUUID } from 'node:crypto'
import type { DatabaseClients } from '#src/db/clients.ts'
import { KEYS, makeBodies } from './bodies.ts'
import { type Load, measureLoad } from './load.ts'
import { startServerProcess } from './server-process.ts'
import { makeBenchWorld } from './world.ts'

const CONNECTIONS = 16
const SECONDS = 5

/** Batches through the whole door: key, counted body, JSON, group commit, acknowledgement after the commit. */
export async function benchIngest(
  clients: DatabaseClients,
  target: object,
): Promise<Record<string, Load & { pointsPerSecond: number }>> {
  const results: Record<string, Load & { pointsPerSecond: number }> = {}
  for (const [name, steps] of [
    ['1,000-point JSON', 50],
    ['one step × 20 keys, JSON', 1],
  ] as const) {
    const world = await makeBenchWorld(clients.sql, CONNECTIONS)
    const server = await startServerProcess('door-server.ts', { target, isBare: false })
    try {
      const bodies = makeBodies(steps)
      const streams = world.runs.map(() => randomUUID())
      const load = await measureLoad(
        {
          port: server.port,
          cpu: server.cpu,
          request: (connection, n) => ({
            head: batchHead(world, connection, streams[connection] as string, n),
            body: bodies[n % bodies.length]?.((n - 1) * steps) ?? '',
          }),
        },
        { connections: CONNECTIONS, seconds: SECONDS },
      )
      results[name] = { ...load, pointsPerSecond: load.requestsPerSecond * steps * KEYS }
    } finally {
      await server.stop()
      await clients.sql`truncate metric_tail, metric_stream, metric_latest`
    }
  }
  return results
}

/** The head of a request as the SDK sends it. */
export const batchHead = (
  world: Awaited<ReturnType<typeof makeBenchWorld>>,
  run: number,
  stream: string,
  seq: number,
  path = `/api/v1/runs/${world.runs[run % world.runs.length]?.uid}/metrics`,
): string =>
  `POST ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${world.key}\r\ncontent-type: application/json\r\n` +
  `x-descent-protocol: 1\r\nx-stream: ${stream}\r\nx-seq: ${seq}\r\nx-attempt: 1`
