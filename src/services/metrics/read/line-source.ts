import type { Span } from '../../../core/blocks/plan-levels.ts'
import { type AttemptStart, attemptView } from '../../../core/metrics/attempt-view.ts'
import { scanBatch } from '../../../core/metrics/packed-batch.ts'
import { EMPTY_SERIES, type Series, SeriesBuilder } from '../../../core/metrics/series.ts'
import type { RunHead } from '../head-cache.ts'
import type { HeadRow } from '../head-row.ts'
import type { SealedSeries } from './block-index.ts'

/** A run at one moment: rows that are in no block, and the state of the seal that has the others. */
export interface RunSnapshot {
  readonly runId: number
  readonly rows: readonly HeadRow[]
  readonly attempts: readonly AttemptStart[]
  readonly version: number
  readonly rewrites: number
}

/** Rows may come and go in a head while a reader waits: taken in the same turn in which it was opened. */
export const snapshotOf = ({ runId, rows, attempts, version, rewrites }: RunHead): RunSnapshot => ({
  runId,
  rows: rows.slice(),
  attempts: attempts.slice(),
  version,
  rewrites,
})

/** Points of one metric that are in no block, by attempt. */
export type HeadPoints = ReadonlyMap<number, Series>

/** The points of these metrics that are in no block: ascending, each step once, whatever the view shows of them. */
export function scanHead(
  rows: readonly HeadRow[],
  wanted: { has(metricId: number): boolean } | null,
): Map<number, Map<number, Series>> {
  const builders = new Map<number, Map<number, SeriesBuilder>>()
  for (const row of rows)
    scanBatch(row.data, wanted, (id, steps, times, values) => {
      let ofMetric = builders.get(id)
      if (!ofMetric) {
        ofMetric = new Map()
        builders.set(id, ofMetric)
      }
      let builder = ofMetric.get(row.attempt)
      if (!builder) {
        builder = new SeriesBuilder()
        ofMetric.set(row.attempt, builder)
      }
      builder.push(steps, times, row.receivedAtMs, values, 0, Number.POSITIVE_INFINITY)
    })
  return new Map(
    [...builders].map(([id, ofMetric]) => [id, new Map([...ofMetric].map(([a, builder]) => [a, builder.series()]))]),
  )
}

/** What a line takes of one attempt. */
export interface Segment {
  attempt: number
  /** Steps that it shows: ascending, apart, both ends included. */
  spans: readonly Span[]
  sealed: SealedSeries | null
  /** Points in no block, within `spans`. */
  head: Series
  /** Steps of `head` that do not lie behind all that is sealed: what they meet is read as points. */
  over: Float64Array
  /** Steps in which attempts lie over each other: there all are read as points. */
  zone: Span | null
}

/** Do newer points lie over sealed ones, or attempts over each other? */
export const isLaidOver = ({ over, zone }: Segment): boolean => over.length > 0 || zone !== null

/** The default view of a metric: each attempt from its first step up to that of a later one; of telemetry all of all. */
export function defaultSegments(
  run: RunSnapshot,
  isTelemetry: boolean,
  sealed: readonly SealedSeries[],
  head: HeadPoints,
): Segment[] {
  const view = attemptView(run.attempts)
  const segments = attemptsOf(sealed, head).flatMap((attempt) => {
    const { from, to } = isTelemetry ? { from: 0, to: Number.POSITIVE_INFINITY } : view(attempt)
    return from < to ? [segmentOf(attempt, [{ from, to: to - 1 }], sealed, head)] : []
  })
  if (isTelemetry) spreadOverlaps(segments)
  return segments
}

/** What the default view leaves out of each attempt; attempts of which it leaves out nothing are not named. */
export function supersededSegments(run: RunSnapshot, sealed: readonly SealedSeries[], head: HeadPoints): Segment[] {
  const view = attemptView(run.attempts)
  return attemptsOf(sealed, head).flatMap((attempt) => {
    const { from, to } = view(attempt)
    const spans: Span[] =
      from >= to
        ? [{ from: 0, to: Number.POSITIVE_INFINITY }]
        : [
            { from: 0, to: from - 1 },
            { from: to, to: Number.POSITIVE_INFINITY },
          ].filter((span) => span.from <= span.to && span.from < Number.POSITIVE_INFINITY)
    return spans.length > 0 ? [segmentOf(attempt, spans, sealed, head)] : []
  })
}

/** One attempt, whole. */
export const wholeSegment = (attempt: number, sealed: readonly SealedSeries[], head: HeadPoints): Segment =>
  segmentOf(attempt, [{ from: 0, to: Number.POSITIVE_INFINITY }], sealed, head)

const attemptsOf = (sealed: readonly SealedSeries[], head: HeadPoints): number[] =>
  [...new Set([...sealed.map((s) => s.attempt), ...head.keys()])].sort((a, b) => a - b)

function segmentOf(
  attempt: number,
  spans: readonly Span[],
  allSealed: readonly SealedSeries[],
  allHead: HeadPoints,
): Segment {
  const sealed = allSealed.find((s) => s.attempt === attempt) ?? null
  const head = inSpans(allHead.get(attempt) ?? EMPTY_SERIES, spans)
  const over = head.steps.subarray(0, sealed === null ? 0 : lowerBound(head.steps, sealed.step1, true))
  return { attempt, spans, sealed, head, over, zone: null }
}

/** The points whose step lies in one of these spans; no copy for a single one. */
export function inSpans<
  S extends { steps: Float64Array; times: Float64Array | null; values: Float32Array | Float64Array },
>(
  { steps, times, values }: S,
  spans: readonly Span[],
): { steps: Float64Array; times: S['times']; values: S['values'] } {
  const parts = spans.map(({ from, to }) => [lowerBound(steps, from), lowerBound(steps, to, true)] as const)
  const [only] = parts
  if (only && parts.length === 1)
    return {
      steps: steps.subarray(...only),
      times: times?.subarray(...only) as S['times'],
      values: values.subarray(...only) as S['values'],
    }
  const gather = (column: Float32Array | Float64Array): Float64Array => {
    const gathered = new Float64Array(parts.reduce((n, [from, to]) => n + to - from, 0))
    let at = 0
    for (const [from, to] of parts) {
      gathered.set(column.subarray(from, to), at)
      at += to - from
    }
    return gathered
  }
  return { steps: gather(steps), times: times && gather(times), values: gather(values) as S['values'] }
}

/** Index of the first of these ascending steps that is not below `step`, or (`isBeyond`) that is above it; their number without one. */
export function lowerBound(steps: Float64Array, step: number, isBeyond = false): number {
  let low = 0
  let high = steps.length
  while (low < high) {
    const middle = (low + high) >> 1
    const at = steps[middle] as number
    if (at < step || (isBeyond && at === step)) low = middle + 1
    else high = middle
  }
  return low
}

/** Attempts whose telemetry lies over each other's: a later one counts, step by step, which only points can tell. */
function spreadOverlaps(segments: readonly Segment[]): void {
  const extents = segments
    .map(({ sealed, head }) => ({
      from: Math.min(sealed?.step0 ?? Number.POSITIVE_INFINITY, head.steps[0] ?? Number.POSITIVE_INFINITY),
      to: Math.max(sealed?.step1 ?? -1, head.steps.at(-1) ?? -1),
    }))
    .sort((a, b) => a.from - b.from)
  const hull = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY }
  let end = Number.NEGATIVE_INFINITY
  for (const { from, to } of extents) {
    if (from <= end) widen(hull, { from, to: Math.min(to, end) })
    end = Math.max(end, to)
  }
  if (hull.from > hull.to) return
  for (const segment of segments) segment.zone = hull
}

function widen(span: Span, by: Span): void {
  span.from = Math.min(span.from, by.from)
  span.to = Math.max(span.to, by.to)
}
