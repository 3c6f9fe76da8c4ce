import { scanBatch } from '../../../core/metrics/packed-batch.ts'
import { SeriesBuilder } from '../../../core/metrics/series.ts'
import type { HeadCache } from '../head-cache.ts'
import { viewOf } from '../read-series.ts'
import type { RawPoints, RawRequest } from '../store.ts'

const POINTS_PER_PIECE = 4_096

/** Raw points of one series that lie in the head, in pieces. */
export async function* readHeadPoints(
  heads: HeadCache,
  runId: number,
  metricId: number,
  { isTelemetry, attempt, from = 0, to = Number.MAX_SAFE_INTEGER }: RawRequest,
): AsyncGenerator<RawPoints> {
  const head = (await heads.open([runId])).get(runId)
  if (!head) return
  const view = viewOf(head)
  const builders = new Map<number, SeriesBuilder>()
  for (const row of head.rows) {
    if (attempt !== undefined && row.attempt !== attempt) continue
    const shown = attempt === undefined ? view(row.attempt, isTelemetry) : { from: 0, to: Number.POSITIVE_INFINITY }
    scanBatch(row.data, new Set([metricId]), (_, steps, times, values) => {
      const builder = builders.get(row.attempt) ?? new SeriesBuilder()
      builders.set(row.attempt, builder)
      builder.push(steps, times, row.receivedAtMs, values, Math.max(from, shown.from), Math.min(to + 1, shown.to))
    })
  }
  for (const number of [...builders.keys()].sort((a, b) => a - b)) {
    const { steps, times, values } = (builders.get(number) as SeriesBuilder).series()
    for (let at = 0; at < steps.length; at += POINTS_PER_PIECE) {
      const piece = (column: Float64Array) => column.subarray(at, at + POINTS_PER_PIECE)
      yield { attempt: number, steps: piece(steps), times: piece(times), values: piece(values) }
    }
  }
}
