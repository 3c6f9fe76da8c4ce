import { randomUUID } from 'node:crypto'
import { KEYS, makeBinaryBodies, makeBodies } from './bodies.ts'
import { type Load, measureLoad } from './load.ts'
import type { Product } from './product.ts'
import { type BenchWorld, makeBenchWorld } from './world.ts'

export const WIRES = ['json', 'binary'] as const
export type Wire = (typeof WIRES)[number]

export interface IngestCase {
  wire: Wire
  /** Steps per batch, 20 keys each. */
  steps: number
  connections: number
  seconds: number
  /** Until the server is what it is after a while: compiled, with tails that are sealed. */
  warmUpSeconds: number
}

export interface IngestFigures extends IngestCase, Load {
  pointsPerSecond: number
  /** Points that lay in blocks at the end, of all that were sent in the warm-up and after it. */
  sealedShare: number
}

const MEDIA_TYPES: Readonly<Record<Wire, string>> = {
  json: 'application/json',
  binary: 'application/vnd.descent.metrics.v1',
}

/** Batches through the whole product: key, counted body, group commit, acknowledgement after the commit, sealing beside it. */
export async function benchIngest(product: Product, asked: IngestCase): Promise<IngestFigures> {
  const { wire, steps, connections, seconds, warmUpSeconds } = asked
  const world = await makeBenchWorld(product.clients.sql, connections)
  const json = wire === 'json' ? makeBodies(steps) : null
  // One request of a connection is answered before the next is written.
  const bodies = Array.from({ length: connections }, () => json ?? makeBinaryBodies(steps))
  const streams = world.runs.map(() => randomUUID())
  const load = await measureLoad(
    {
      port: product.port,
      cpu: product.cpu,
      request: (connection, n) => ({
        head: batchHead(world, connection, streams[connection] as string, n, { wire }),
        body: bodyOf(bodies[connection] ?? [], n, steps),
      }),
    },
    { connections, seconds, warmUpSeconds },
  )
  return {
    ...asked,
    ...load,
    pointsPerSecond: load.requestsPerSecond * steps * KEYS,
    sealedShare: await sealedShare(product, world),
  }
}

const bodyOf = (bodies: readonly ((firstStep: number) => string | Buffer)[], n: number, steps: number) =>
  bodies[n % bodies.length]?.((n - 1) * steps) ?? ''

async function sealedShare(product: Product, world: BenchWorld): Promise<number> {
  const ids = world.runs.map((run) => run.id)
  const [points] = await product.clients.sql<{ sealed: number; waiting: number }[]>`
    select
      (select coalesce(sum(n), 0)::float8 from metric_series where run_id = any(${ids}::bigint[]) and metric_id > 0) as sealed,
      (select coalesce(sum(n_points), 0)::float8 from metric_tail where run_id = any(${ids}::bigint[])) as waiting`
  const { sealed = 0, waiting = 0 } = points ?? {}
  return Number((sealed / Math.max(1, sealed + waiting)).toFixed(3))
}

/** The head of a request as the client sends it. */
export const batchHead = (
  world: BenchWorld,
  run: number,
  stream: string,
  seq: number,
  {
    wire = 'json',
    path = `/api/v1/runs/${world.runs[run % world.runs.length]?.uid}/metrics`,
  }: { wire?: Wire; path?: string } = {},
): string =>
  `POST ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${world.key}\r\ncontent-type: ${MEDIA_TYPES[wire]}\r\n` +
  `x-descent-protocol: 1\r\nx-stream: ${stream}\r\nx-seq: ${seq}\r\nx-attempt: 1`
