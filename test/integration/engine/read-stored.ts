import { decodePointBlock } from '#src/core/blocks/point-block.ts'
import { scanBatch } from '#src/core/metrics/packed-batch.ts'
import { parseMultirange } from '#src/core/metrics/sequence-ranges.ts'
import type { Sql } from '#src/db/clients.ts'

export interface StoredPoint {
  step: number
  time: number
  value: number
}

/** What the tables hold of a run with one attempt, read the plain way, beside the store's own reader. */
export interface StoredRun {
  /** Per metric, ascending by step, each step once: the tail over the blocks. */
  series: Map<number, StoredPoint[]>
  /** Per metric: how often a step is held, in blocks and tail together. */
  copies: Map<number, number>
  sealedPoints: number
}

/** Reads every block and every tail row of a run. */
export async function readStored(sql: Sql, runId: number): Promise<StoredRun> {
  const points = new Map<number, Map<number, StoredPoint>>()
  const copies = new Map<number, number>()
  let sealedPoints = 0
  const take = (metricId: number, point: StoredPoint) => {
    const series = points.get(metricId) ?? new Map<number, StoredPoint>()
    points.set(metricId, series.set(point.step, point))
    copies.set(metricId, (copies.get(metricId) ?? 0) + 1)
  }
  const blocks = await sql<{ metric_id: number; data: Buffer; axis: Buffer | null }[]>`
    select b.metric_id, b.data, a.data as axis from metric_block b
    left join metric_block a
      on a.run_id = b.run_id and a.metric_id = 0 and a.attempt = b.attempt and a.level = b.level and a.no = b.axis
    where b.run_id = ${runId} and b.metric_id > 0 and b.level = 0
    order by b.metric_id, b.attempt, b.no`
  for (const block of blocks) {
    const { steps, times, values } = decodePointBlock(block.data, block.axis, true)
    sealedPoints += values.length
    for (let i = 0; i < values.length; i++)
      take(block.metric_id, {
        step: steps[i] as number,
        time: times?.[i] as number,
        value: values[i] as number,
      })
  }
  const streams = await sql<{ stream: number; sealed: string }[]>`
    select stream, sealed::text from metric_stream where run_id = ${runId}`
  const sealed = new Map(streams.map((row) => [row.stream, parseMultirange(row.sealed)]))
  const tail = await sql<{ stream: number; seq: number; received: number; data: Buffer }[]>`
    select stream, seq, (extract(epoch from received_at) * 1000)::float8 as received, data
    from metric_tail where run_id = ${runId} order by stream, seq`
  for (const row of tail) {
    if (sealed.get(row.stream)?.some(([from, to]) => from <= row.seq && row.seq <= to)) continue
    scanBatch(row.data, null, (metricId, steps, times, values) => {
      for (let i = 0; i < values.length; i++)
        take(metricId, {
          step: steps[i] as number,
          time: times ? (times[i] as number) : Math.round(row.received),
          value: values[i] as number,
        })
    })
  }
  const series = new Map(
    [...points].map(([metricId, byStep]) => [metricId, [...byStep.values()].toSorted((a, b) => a.step - b.step)]),
  )
  return { series, copies, sealedPoints }
}
