import { createHash } from 'node:crypto'
import { type PointGroup, packBatch } from '../../../core/metrics/packed-batch.ts'
import type { Series } from '../../../core/metrics/series.ts'

/** Points of one metric that are too few for a block. */
export interface Rest {
  metricId: number
  points: Series
}

/** Packs what one attempt's metrics leave over as one batch; metrics with the same axis share it there too. */
export function packCarry(rests: readonly Rest[]): { points: number; data: Buffer } {
  const groups = new Map<string, PointGroup<number>>()
  let n = 0
  for (const { metricId, points } of rests) {
    const { steps, times, values } = points
    n += values.length
    const hash = createHash('sha256').update(bytesOf(steps)).update(bytesOf(times)).digest('base64')
    const group = groups.get(hash)
    if (group) group.keys.push({ key: metricId, values })
    else groups.set(hash, { steps, times, keys: [{ key: metricId, values }] })
  }
  return { points: n, data: packBatch([...groups.values()]) }
}

const bytesOf = (values: Float64Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
