import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { writeBinaryBatch } from '#src/core/metrics/binary-batch.ts'
import { randomNumbers, randomValues } from './bodies.ts'
import type { Product } from './product.ts'
import type { BenchWorld } from './world.ts'

export interface Filling {
  /** Indexes of runs in the world. */
  runs: readonly number[]
  keys: readonly string[]
  stepsPerRun: number
  stepsPerBatch: number
  /** The values of one key over `n` steps from `first`; without it all runs get the same random ones. */
  values?: (run: number, key: number, first: number, n: number) => Float64Array
}

const WRITERS = 8

/** Writes series over HTTP in binary batches, as a client does, and waits until all of them are sealed. */
export async function fillRuns(product: Product, world: BenchWorld, filling: Filling): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: WRITERS })
  const waiting = [...filling.runs]
  const random = randomNumbers(11)
  const values = filling.keys.map((_, k) => Float64Array.from(randomValues(random, k, filling.stepsPerBatch)))
  try {
    await Promise.all(
      Array.from({ length: WRITERS }, async () => {
        for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
          const stream = randomUUID()
          for (let first = 0, seq = 1; first < filling.stepsPerRun; first += filling.stepsPerBatch, seq++) {
            const n = Math.min(filling.stepsPerBatch, filling.stepsPerRun - first)
            const steps = Float64Array.from({ length: n }, (_, i) => first + i)
            const times = steps.map((step) => 1_700_000_000_000 + step * 100 + Math.floor(random() * 20))
            const keys = filling.keys.map((key, k) => ({
              key,
              values: filling.values?.(run, k, first, n) ?? (values[k] as Float64Array).subarray(0, n),
            }))
            await sendBatch(product, world, run, {
              stream,
              seq,
              body: writeBinaryBatch([{ steps, times, keys }]),
              agent,
            })
          }
        }
      }),
    )
  } finally {
    agent.destroy()
  }
}

/** Sends batches of bytes to the runs of a world over connections that are kept; `end` closes them. */
export function openSender(product: Product, world: BenchWorld) {
  const agent = new Agent({ keepAlive: true, maxSockets: WRITERS })
  return {
    send: (run: number, batch: { stream: string; seq: number; body: Buffer }) =>
      sendBatch(product, world, run, { ...batch, agent }),
    end: () => agent.destroy(),
  }
}

/** Sends until it is acknowledged. */
export async function sendBatch(
  product: Product,
  world: BenchWorld,
  run: number,
  batch: { stream: string; seq: number; body: Buffer; agent: Agent; refused?: () => void },
): Promise<void> {
  for (;;) {
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const call = request(
        {
          port: product.port,
          host: '127.0.0.1',
          method: 'POST',
          path: `/api/v1/runs/${world.runs[run]?.uid}/metrics`,
          agent: batch.agent,
          headers: {
            host: `localhost:${product.port}`,
            authorization: `Bearer ${world.key}`,
            'content-type': 'application/vnd.descent.metrics.v1',
            'content-length': batch.body.length,
            'x-stream': batch.stream,
            'x-seq': String(batch.seq),
            'x-attempt': '1',
          },
        },
        (answer) => {
          let said = ''
          answer.on('data', (chunk) => (said += chunk))
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: said }))
        },
      )
      call.on('error', reject)
      call.end(batch.body)
    })
    if (status === 200) return
    if (status !== 429) throw new Error(`A batch was answered with ${status}: ${text.slice(0, 300)}`)
    batch.refused?.()
    await pause(200)
  }
}

/** Ends runs and waits until their tails are empty: what is measured afterwards is sealed. */
export async function sealRuns(product: Product, world: BenchWorld, runs: readonly number[]): Promise<number> {
  const began = performance.now()
  const ids = runs.map((run) => world.runs[run]?.id ?? 0)
  for (const run of runs) {
    const tell = async (verb: 'attempts' | 'finish', body: object) => {
      const answer = await fetch(`http://127.0.0.1:${product.port}/api/v1/runs/${world.runs[run]?.uid}/${verb}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!answer.ok) throw new Error(`A run could not be ended: ${answer.status} ${await answer.text()}`)
    }
    await tell('attempts', {})
    await tell('finish', { attempt: 1, reason: 'finished', exit_code: 0 })
  }
  for (const until = Date.now() + 180_000; Date.now() < until; await pause(50)) {
    const [left] = await product.clients.sql<{ n: number }[]>`
      select count(*)::int as n from metric_tail where run_id = any(${ids}::bigint[])`
    if (left?.n === 0) return performance.now() - began
  }
  throw new Error('Runs were not sealed within three minutes.')
}
