import { KEYS } from './bodies.ts'
import { fillRuns, sealRuns } from './fill.ts'
import type { Product } from './product.ts'
import { makeBenchWorld } from './world.ts'

export interface StoredFigures {
  points: number
  /** Of every table of the data plane that keeps a sealed point, indexes and out-of-line storage included. */
  bytesPerPoint: number
  /** Sealing by itself, requests and waiting included. */
  sealMs: number
}

const RUNS = 8
/** Multiples of a block less a few: the last block of a run is short, as it is in life. */
const STEPS = 60_000

/** What sealed points take on disk: 20 keys, half 32-bit losses, a quarter full doubles, a quarter rounded to 1e-4, jittered times. */
export async function benchStored(product: Product): Promise<StoredFigures> {
  const { sql } = product.clients
  const world = await makeBenchWorld(sql, RUNS)
  const runs = world.runs.map((_, i) => i)
  const before = await bytes()
  const keys = Array.from({ length: KEYS }, (_, k) => `train/key_${k}`)
  await fillRuns(product, world, { runs, keys, stepsPerRun: STEPS, stepsPerBatch: 4_000 })
  const sealMs = await sealRuns(product, world, runs)
  const points = RUNS * STEPS * KEYS
  return { points, bytesPerPoint: Number((((await bytes()) - before) / points).toFixed(2)), sealMs: Math.round(sealMs) }

  async function bytes(): Promise<number> {
    const [size] = await sql<{ bytes: number }[]>`
      select sum(pg_total_relation_size(t::regclass))::float8 as bytes
      from unnest(array['metric_block', 'metric_series', 'metric_stream', 'metric_attempt', 'metric_run', 'metric_seal', 'metric_latest']) t`
    return size?.bytes ?? 0
  }
}
