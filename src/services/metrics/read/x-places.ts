import type { Span } from '../../../core/blocks/plan-levels.ts'
import { attemptView } from '../../../core/metrics/attempt-view.ts'
import type { XAxis } from '../../../core/metrics/chart-choices.ts'
import { isTelemetryKey } from '../../../core/metrics/metric-key.ts'
import {
  type AttemptSpan,
  hourlyPlaces,
  metricPlaces,
  placesFrom,
  processPlaces,
  type Reach,
  STEP_PLACES,
  type StepAxis,
  spansWhere,
  stepAxis,
  timePlaces,
  type XPlaces,
} from '../../../core/metrics/x-axis.ts'
import type { ChartedRun, SeriesRequest } from '../store.ts'
import { defaultSegments, type HeadPoints, type RunSnapshot, type Segment } from './line-source.ts'
import { type LineQuestion, type PlannedLine, planLine, type ReadLine } from './read-line.ts'

/** The metric whose values are the x axis `tokens`. */
export const TOKENS_KEY = 'tokens'

/** How the points of one run are placed. */
export interface RunPlaces {
  places: XPlaces
  /** As `places.reach`, also where the axis is known by buckets only. */
  reach: (from: number, to: number) => Reach
  /** Places of telemetry, where they are others. */
  telemetry: XPlaces
  /** The axis is a metric that was read by buckets: lines of points need all of its own. Null: it is whole, or no metric. */
  axisSegments: readonly Segment[] | null
  wantsTimes: boolean
}

const TIMED: ReadonlySet<XAxis> = new Set(['time', 'relative', 'process', 'lineage_device_hours', 'lineage_cost'])

/** The metric that is the axis of this run; null where none is, or the run lacks it. */
export function axisKeyOf({ x, xMetric }: SeriesRequest, run: ChartedRun): string | null {
  if (x === 'tokens') return TOKENS_KEY
  if (x === 'lineage_tokens' || x === 'lineage_flops') return run.lineage?.tokensKey ?? null
  return x === 'metric' ? (xMetric ?? null) : null
}

/** Everything of a run that places are made of. */
export interface PlacedRun {
  run: ChartedRun
  snapshot: RunSnapshot
  /** Segments of the default view of each drawn metric, by its name. */
  segments: ReadonlyMap<string, readonly Segment[]>
  /** Segments and metric of the axis. */
  axis: { metricId: number; segments: readonly Segment[] } | null
}

type Fetch = (lines: readonly PlannedLine[]) => Promise<ReadLine[]>

/** Places of runs, in their order; what they are made of is read in at most one step for all. */
export async function makePlaces(
  request: SeriesRequest,
  runs: readonly PlacedRun[],
  fetch: Fetch,
  axisLevelOf: LineQuestion['levelOf'],
): Promise<RunPlaces[]> {
  const wantsTimes = TIMED.has(request.x)
  const plain = (places: XPlaces, telemetry = places): RunPlaces => ({
    places,
    reach: places.reach,
    telemetry,
    axisSegments: null,
    wantsTimes,
  })
  switch (request.x) {
    case 'step':
      return runs.map(() => plain(STEP_PLACES))
    case 'time':
      return runs.map(() => plain(timePlaces(0)))
    case 'relative':
      return runs.map((placed) => plain(timePlaces(placed.run.startedAtMs ?? earliest(placed))))
    case 'process':
      return (await attemptSpans(runs, fetch)).map((spans) =>
        plain(processPlaces(spans, 'step'), processPlaces(spans, 'time')),
      )
    case 'lineage_device_hours':
      return runs.map(({ run }) => {
        const hours = run.lineage?.deviceHours ?? null
        return plain(hours === null ? NOWHERE : placesFrom(hours, hourlyPlaces(run.lineage?.held ?? [])))
      })
    case 'lineage_cost':
      return runs.map(({ run }) => {
        const money = run.lineage?.money
        return plain(money && 'taken' in money ? placesFrom(money.atStart, hourlyPlaces(money.taken)) : NOWHERE)
      })
    default:
      return metricAxes(request, runs, fetch, axisLevelOf)
  }
}

/** For a run that is not on this axis. */
const NOWHERE: XPlaces = {
  place: (steps) => new Float64Array(steps.length).fill(Number.NaN),
  reach: () => ({ by: 'step', spans: [] }),
}

/** Wall time of the run's first point among what is drawn. */
function earliest({ segments }: PlacedRun): number {
  let first = Number.POSITIVE_INFINITY
  for (const { sealed, head } of [...segments.values()].flat()) {
    if (sealed) first = Math.min(first, sealed.t0)
    for (const time of head.times) if (time < first) first = time
  }
  return Number.isFinite(first) ? first : 0
}

/** When each attempt was at work, as far as the default view shows it: by what is drawn of the run. */
async function attemptSpans(runs: readonly PlacedRun[], fetch: Fetch): Promise<AttemptSpan[][]> {
  const nothing: Reach = { by: 'step', spans: [] }
  const asked: { run: number; attempt: number; line: PlannedLine }[] = []
  for (const [i, { snapshot, segments }] of runs.entries())
    for (const [name, ofMetric] of segments)
      for (const segment of isTelemetryKey(name) ? [] : ofMetric) {
        // A line of one attempt says when its last point came; metric 0 is never fetched, since whole series are not asked for.
        const metricId = segment.sealed?.metricId ?? 0
        const question = {
          run: snapshot,
          metricId,
          segments: [segment],
          reach: nothing,
          wantsTimes: false,
          levelOf: () => 0,
        }
        asked.push({ run: i, attempt: segment.attempt, line: planLine(question) })
      }
  const read = await fetch(asked.map(({ line }) => line))
  return runs.map(({ run, snapshot, segments }, i) => {
    const view = attemptView(snapshot.attempts)
    const numbers = new Set([
      ...[...segments.values()].flat().map((segment) => segment.attempt),
      ...snapshot.attempts.map((start) => start.attempt),
    ])
    return [...numbers].map((attempt) => {
      const ends = asked.flatMap((a, at) => (a.run === i && a.attempt === attempt ? [read[at]?.lastTime ?? null] : []))
      const known = ends.filter((end) => end !== null)
      const startMs = run.attempts?.find((start) => start.attempt === attempt)?.startedAtMs
      return {
        attempt,
        ...view(attempt),
        startMs: startMs ?? beginOf(segments, attempt) ?? run.startedAtMs ?? 0,
        endMs: known.length > 0 ? Math.max(...known) : null,
      }
    })
  })
}

function beginOf(segments: PlacedRun['segments'], attempt: number): number | null {
  const begins = [...segments]
    .filter(([name]) => !isTelemetryKey(name))
    .flatMap(([, ofMetric]) => ofMetric.filter((segment) => segment.attempt === attempt))
    .flatMap(({ sealed, head }) => [...(sealed ? [sealed.t0] : []), ...head.times.subarray(0, 1)])
  return begins.length > 0 ? Math.min(...begins) : null
}

async function metricAxes(
  { x }: SeriesRequest,
  runs: readonly PlacedRun[],
  fetch: Fetch,
  axisLevelOf: LineQuestion['levelOf'],
): Promise<RunPlaces[]> {
  const planned = runs.map(({ snapshot, axis }) => axis && planAxis(snapshot, axis, null, axisLevelOf))
  const read = await fetch(planned.filter((line) => line !== null))
  let at = 0
  return runs.map(({ run, snapshot, axis }, i) => {
    const line = planned[i] ? (read[at++] ?? null) : null
    if (!line || !axis)
      return { places: NOWHERE, reach: NOWHERE.reach, telemetry: NOWHERE, axisSegments: null, wantsTimes: false }
    const isWhole = line.pieces.every((piece) => piece.kind === 'points')
    const { offset, per } = movedBy(x, run)
    const places = axisPlaces(line, snapshot, offset, per)
    const coarse = extremesOf(line)
    return {
      places,
      reach: (from, to) =>
        isWhole
          ? places.reach(from, to)
          : { by: 'step', spans: reachOfBuckets(coarse, (from - offset) / per, (to - offset) / per) },
      telemetry: places,
      axisSegments: isWhole ? null : axis.segments,
      wantsTimes: false,
    }
  })
}

/** The question for the points of an axis. */
export const planAxis = (
  run: RunSnapshot,
  axis: { metricId: number; segments: readonly Segment[] },
  reach: Reach | null,
  levelOf: LineQuestion['levelOf'],
): PlannedLine => planLine({ run, metricId: axis.metricId, segments: axis.segments, reach, wantsTimes: false, levelOf })

/** From values of the axis' metric to places: times `per`, plus `offset`; NaN where the run has no place. */
export function movedBy(x: XAxis, { lineage }: ChartedRun): { offset: number; per: number } {
  if (x === 'lineage_tokens') return { offset: lineage?.tokensOffset ?? Number.NaN, per: 1 }
  if (x !== 'lineage_flops') return { offset: 0, per: 1 }
  const { tokens = null, tokensOffset = null, flops } = lineage ?? {}
  if (tokens === null || tokensOffset === null || !flops || 'why' in flops) return { offset: Number.NaN, per: 1 }
  // A counter that goes on from the parent's has the parent's tokens in it.
  return { offset: flops.atStart + (tokensOffset - tokens) * flops.perToken, per: flops.perToken }
}

/** Places over a metric that was read. */
export function axisPlaces(line: ReadLine, run: RunSnapshot, offset: number, per = 1): XPlaces {
  const { steps, low } = extremesOf(line)
  const starts = run.attempts.length > 1 ? run.attempts.map((start) => start.firstStep) : []
  const places = metricPlaces(stepAxis({ steps, values: low }, starts))
  return offset === 0 && per === 1 ? places : placesFrom(offset, places, per)
}

interface AxisExtremes extends Pick<StepAxis, 'steps'> {
  low: Float64Array
  high: Float64Array
}

function extremesOf({ pieces }: ReadLine): AxisExtremes {
  const n = pieces.reduce((sum, piece) => sum + piece.steps.length, 0)
  const out = { steps: new Float64Array(n), low: new Float64Array(n), high: new Float64Array(n) }
  let at = 0
  let isAscending = true
  for (const piece of pieces) {
    isAscending &&= at === 0 || (piece.steps[0] ?? 0) > (out.steps[at - 1] as number)
    out.steps.set(piece.steps, at)
    out.low.set(piece.kind === 'points' ? piece.values : piece.min, at)
    out.high.set(piece.kind === 'points' ? piece.values : piece.max, at)
    at += piece.steps.length
  }
  if (isAscending) return out
  // Points that lie over sealed ones come as a piece of their own behind the buckets around them.
  const order = Uint32Array.from(out.steps, (_, i) => i).sort(
    (a, b) => (out.steps[a] as number) - (out.steps[b] as number),
  )
  const sorted = (column: Float64Array) => Float64Array.from(order, (i) => column[i] as number)
  return { steps: sorted(out.steps), low: sorted(out.low), high: sorted(out.high) }
}

/** The steps whose place may lie in from … to, where of some only the extremes of a bucket are known. */
function reachOfBuckets({ steps, low, high }: AxisExtremes, from: number, to: number): Span[] {
  let before = Number.NaN
  return spansWhere(steps, (i) => {
    // Where the bucket has no value of its own, the last one before it stands.
    const isOver = ((low[i] as number) <= to && (high[i] as number) >= from) || (before <= to && before >= from)
    if (!Number.isNaN(high[i])) before = high[i] as number
    return isOver
  })
}

/** The default view of an axis' metric. */
export const axisSegments = (
  snapshot: RunSnapshot,
  key: string,
  sealed: Parameters<typeof defaultSegments>[2],
  head: HeadPoints,
): Segment[] => defaultSegments(snapshot, isTelemetryKey(key), sealed, head)
