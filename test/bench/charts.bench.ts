import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type DatabaseTarget, endClient, openClient } from '#src/db/clients.ts'
import { numbers } from '#src/db/queries/array-literal.ts'
import { randomNumbers, randomValues } from './bodies.ts'
import { fillRuns, sealRuns } from './fill.ts'
import type { Product } from './product.ts'
import { makeBenchWorld } from './world.ts'

const PX = 1_000
const MEDIAN_OF = 21
/** Asked before the clock runs: what is measured is a server that has drawn charts before. */
const WARM_UP = 40

/** Times of charts over HTTP, ms, medians. */
export interface ChartFigures {
  one10k: number
  one1MFull: number
  one1MTenth: number
  one1MHundredth: number
  hundred10k: number
  /** Null where 100 million points were not asked for. */
  hundred1M: number | null
  hundred1MTenth: number | null
  /** The same 100 × 10 k as rows, PostgreSQL grouping by bucket. */
  hundred10kGroupBy: number
  /** The same chart while another hundred runs take points as fast as they can. */
  hundred10kWhileIngesting: number | null
  /** Bytes of the answer of 100 × 10 k. */
  hundred10kBytes: number
  filledSeconds: number
}

/** Fills runs, seals them, and asks for charts as a page does. */
export async function benchCharts(
  product: Product,
  { isLarge, ingest }: { isLarge: boolean; ingest: ((isGoing: () => boolean) => Promise<void>) | null },
): Promise<ChartFigures> {
  const world = await makeBenchWorld(product.clients.sql, isLarge ? 301 : 201)
  const ten = range(0, 100)
  const million = [100]
  const many = isLarge ? range(101, 100) : []
  const began = performance.now()
  await fillRuns(product, world, { runs: ten, keys: ['loss'], stepsPerRun: 10_000, stepsPerBatch: 10_000 })
  await fillRuns(product, world, {
    runs: [...million, ...many],
    keys: ['loss'],
    stepsPerRun: 1e6,
    stepsPerBatch: 50_000,
  })
  await sealRuns(product, world, [...ten, ...million, ...many])
  const filledSeconds = Math.round((performance.now() - began) / 1_000)
  const chart = (runs: readonly number[], range_: { from?: number; to?: number } = {}) =>
    medianOf(() =>
      askChart(
        product,
        world.readKey,
        runs.map((run) => run + 1),
        range_,
      ),
    )
  const hundred10k = await chart(ten)
  let hundred10kWhileIngesting: number | null = null
  if (ingest) {
    let isGoing = true
    const writing = ingest(() => isGoing)
    await pause(1_500)
    hundred10kWhileIngesting = (await chart(ten)).ms
    isGoing = false
    await writing
  }
  return {
    one10k: (await chart([0])).ms,
    one1MFull: (await chart(million)).ms,
    one1MTenth: (await chart(million, { from: 450_000, to: 550_000 })).ms,
    one1MHundredth: (await chart(million, { from: 500_000, to: 510_000 })).ms,
    hundred10k: hundred10k.ms,
    hundred1M: isLarge ? (await chart(many)).ms : null,
    hundred1MTenth: isLarge ? (await chart(many, { from: 450_000, to: 550_000 })).ms : null,
    hundred10kGroupBy: await groupBy(product.target),
    hundred10kWhileIngesting,
    hundred10kBytes: hundred10k.bytes,
    filledSeconds,
  }
}

const range = (from: number, n: number): number[] => Array.from({ length: n }, (_, i) => from + i)

async function medianOf(ask: () => Promise<{ ms: number; bytes: number }>): Promise<{ ms: number; bytes: number }> {
  for (let i = 0; i < WARM_UP; i++) await ask()
  const answers: { ms: number; bytes: number }[] = []
  for (let i = 0; i < MEDIAN_OF; i++) answers.push(await ask())
  const median = answers.toSorted((a, b) => a.ms - b.ms)[Math.floor(MEDIAN_OF / 2)]
  return { ms: Number(median?.ms.toFixed(2)), bytes: median?.bytes ?? 0 }
}

/** One chart, to the last byte of the answer. */
export async function askChart(
  product: Product,
  readKey: string,
  runs: readonly number[],
  more: { from?: number; to?: number; metrics?: readonly string[] },
): Promise<{ ms: number; bytes: number }> {
  const body = JSON.stringify({ project: 'bench', runs, metrics: ['loss'], px: PX, ...more })
  const began = performance.now()
  const { status, bytes } = await new Promise<{ status: number; bytes: number }>((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: product.port,
        agent,
        method: 'POST',
        path: '/api/v1/chart',
        headers: {
          host: 'bench',
          authorization: `Bearer ${readKey}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          accept: 'application/vnd.descent.chart.v1',
        },
      },
      (answer) => {
        let length = 0
        answer.on('data', (part: Buffer) => (length += part.length))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, bytes: length }))
        answer.on('error', reject)
      },
    )
    call.on('error', reject)
    call.end(body)
  })
  if (status !== 200) throw new Error(`A chart was answered with ${status}.`)
  return { ms: performance.now() - began, bytes }
}

const agent = new Agent({ keepAlive: true })

/** The plain way: a row per point, primary key (run, metric, step), one statement that groups by pixel. */
async function groupBy(target: DatabaseTarget): Promise<number> {
  const sql = openClient(target, { max: 1, name: 'descent bench', statementTimeoutMs: 120_000 })
  try {
    await sql`create table if not exists bench_points (
      run_id bigint, metric_id int, step bigint, t bigint, value float8, primary key (run_id, metric_id, step))`
    await sql`truncate bench_points`
    const values = numbers(randomValues(randomNumbers(7), 0, 10_000))
    const steps = numbers(range(0, 10_000))
    for (let run = 1; run <= 100; run++)
      await sql.unsafe(
        'insert into bench_points select $1::bigint, 1, s, 1700000000000 + s * 100, v from unnest($2::bigint[], $3::float8[]) u (s, v)',
        [run, steps, values],
        { prepare: true },
      )
    await sql`vacuum analyze bench_points`
    const times: number[] = []
    for (let i = 0; i < 5; i++) {
      const began = performance.now()
      await sql`
        select run_id, step * ${PX}::bigint / 10000 as bucket, min(value), max(value), avg(value)
        from bench_points where run_id = any(${range(1, 100)}::bigint[]) and metric_id = 1
        group by 1, 2 order by 1, 2`
      times.push(performance.now() - began)
    }
    return Number(times.toSorted((a, b) => a - b)[2]?.toFixed(1))
  } finally {
    await sql`drop table if exists bench_points`
    await endClient(sql)
  }
}
