import { randomUUID } from 'node:crypto'
import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { writeBinaryBatch } from '#src/core/metrics/binary-batch.ts'
import { askChart } from './charts.bench.ts'
import { fillRuns, sealRuns, sendBatch } from './fill.ts'
import type { Product } from './product.ts'
import { type BenchWorld, makeBenchWorld } from './world.ts'

export interface ExtremeFigures {
  /** 300 runs × 1,500 keys × 20 steps. */
  wide: { fillS: number; sealS: number; oneMetricMs: number; bytesPerPoint: number; memoryMB: number }
  /** 10,000 open runs, a batch each every 30 s. */
  slow: { batches: number; refused: number; p50Ms: number; p99Ms: number; runsListP95Ms: number; memoryMB: number }
  /** One run of 100 million points of one metric. */
  deep: { points: number; fillS: number; fullMs: number; tenthMs: number; rawMs: number; memoryMB: number }
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
const seconds = (ms: number): number => Number((ms / 1_000).toFixed(1))
const megabytes = (product: Product): number => Math.round(product.memory() / 2 ** 20)

/** What is far from the usual: very many keys, very many slow runs, one very long run. */
export async function benchExtremes(product: Product): Promise<ExtremeFigures> {
  return { wide: await wide(product), slow: await slow(product), deep: await deep(product) }
}

async function wide(product: Product): Promise<ExtremeFigures['wide']> {
  const [runs, keys, steps] = [300, 1_500, 20]
  const world = await makeBenchWorld(product.clients.sql, runs)
  const before = await blockBytes(product)
  const began = performance.now()
  await fillRuns(product, world, {
    runs: range(runs),
    keys: range(keys).map((k) => `layer/${k}/norm`),
    stepsPerRun: steps,
    stepsPerBatch: steps,
  })
  const filled = performance.now()
  await sealRuns(product, world, range(runs))
  const sealed = performance.now()
  return {
    fillS: seconds(filled - began),
    sealS: seconds(sealed - filled),
    oneMetricMs: await medianChart(product, world, range(runs), 'layer/700/norm'),
    bytesPerPoint: Number((((await blockBytes(product)) - before) / (runs * keys * steps)).toFixed(2)),
    memoryMB: megabytes(product),
  }
}

/** One batch of 20 keys per run each half minute, for two rounds; spread evenly. */
async function slow(product: Product): Promise<ExtremeFigures['slow']> {
  const [runs, rounds, roundMs] = [10_000, 2, 30_000]
  const world = await makeBenchWorld(product.clients.sql, runs)
  const streams = range(runs).map(() => randomUUID())
  const times: number[] = []
  let refused = 0
  const listTimes: number[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  try {
    const began = performance.now()
    const sending: Promise<void>[] = []
    let open = 0
    for (let n = 0; n < runs * rounds; n++) {
      const early = began + (n / runs) * roundMs - performance.now()
      if (early > 1) await pause(early)
      while (open >= 64) await pause(1)
      const run = n % runs
      const seq = 1 + Math.floor(n / runs)
      const steps = Float64Array.of(seq)
      const keys = range(20).map((k) => ({ key: `train/key_${k}`, values: Float64Array.of(k + seq) }))
      open++
      const at = performance.now()
      sending.push(
        sendBatch(product, world, run, {
          stream: streams[run] as string,
          seq,
          body: writeBinaryBatch([{ steps, times: null, keys }]),
          agent,
          refused: () => refused++,
        }).then(() => {
          times.push(performance.now() - at)
          open--
        }),
      )
      if (n % 500 === 499) listTimes.push(await listRuns(product, world))
    }
    await Promise.all(sending)
  } finally {
    agent.destroy()
  }
  const at = (all: number[], share: number) =>
    Number((all.toSorted((a, b) => a - b)[Math.floor(share * (all.length - 1))] ?? 0).toFixed(1))
  return {
    batches: times.length,
    refused,
    p50Ms: at(times, 0.5),
    p99Ms: at(times, 0.99),
    runsListP95Ms: at(listTimes, 0.95),
    memoryMB: megabytes(product),
  }
}

async function listRuns(product: Product, world: BenchWorld): Promise<number> {
  const began = performance.now()
  const answer = await fetch(`http://127.0.0.1:${product.port}/api/v1/projects/bench/runs?limit=100`, {
    headers: { authorization: `Bearer ${world.readKey}` },
  })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`The list of runs was answered with ${answer.status}.`)
  return performance.now() - began
}

async function deep(product: Product): Promise<ExtremeFigures['deep']> {
  const points = 100_000_000
  const world = await makeBenchWorld(product.clients.sql, 1)
  const began = performance.now()
  await fillRuns(product, world, { runs: [0], keys: ['loss'], stepsPerRun: points, stepsPerBatch: 100_000 })
  await sealRuns(product, world, [0])
  const fillS = seconds(performance.now() - began)
  return {
    points,
    fillS,
    fullMs: await medianChart(product, world, [0], 'loss'),
    tenthMs: await medianChart(product, world, [0], 'loss', { from: 45_000_000, to: 55_000_000 }),
    rawMs: await medianChart(product, world, [0], 'loss', { from: 50_000_000, to: 50_001_500 }),
    memoryMB: megabytes(product),
  }
}

async function medianChart(
  product: Product,
  world: BenchWorld,
  runs: readonly number[],
  metric: string,
  part: { from?: number; to?: number } = {},
): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < 7; i++)
    times.push(
      (
        await askChart(
          product,
          world.readKey,
          runs.map((run) => run + 1),
          { metrics: [metric], ...part },
        )
      ).ms,
    )
  return Number(times.toSorted((a, b) => a - b)[3]?.toFixed(1))
}

async function blockBytes(product: Product): Promise<number> {
  const [size] = await product.clients.sql<{ bytes: number }[]>`
    select (pg_total_relation_size('metric_block') + pg_total_relation_size('metric_series'))::float8 as bytes`
  return size?.bytes ?? 0
}
