/**
 * The x axes of charts. An axis is two functions: where points lie on it, and which steps or wall times a range of it can hold, so
 * that a reader fetches no block in vain. Both take plain arrays, so that points and buckets (by their first step and first wall time)
 * are placed alike.
 */
import type { Line } from './downsample.ts'
import type { Series } from './series.ts'

/** Where an x axis that is itself a metric has a place: at the steps that it was logged at, or from each of them up to the next. */
export type StepJoin = 'exact' | 'lastKnown'

/** From … to, both included; the ends may be ±Infinity. */
export interface Span {
  from: number
  to: number
}

/**
 * What can hold points of a range: steps, or wall times of one attempt (null: of all). Several ranges are ascending and apart. What
 * lies outside has no point in the range; inside there may be points of other places.
 */
export type Reach =
  | { by: 'step'; spans: readonly Span[] }
  | { by: 'time'; spans: readonly (Span & { attempt: number | null })[] }

export interface XPlaces {
  /**
   * The x of each point, parallel to ascending `steps` and their wall times in ms; NaN where a point has no place.
   *
   * @param attempt the attempt of all these points; null: of each the one that shows its step in the default view
   */
  place: (steps: Float64Array, times: Float64Array, attempt: number | null, join: StepJoin) => Float64Array
  /** Which points can lie in from … to, both included. */
  reach: (from: number, to: number) => Reach
}

/** Steps. */
export const STEP_PLACES: XPlaces = {
  place: (steps) => steps,
  reach: (from, to) => ({ by: 'step', spans: [{ from, to }] }),
}

/** Wall time minus `origin`, both in ms. */
export const timePlaces = (origin: number): XPlaces => ({
  place: (_, times) => (origin === 0 ? times : times.map((time) => time - origin)),
  reach: (from, to) => ({ by: 'time', spans: [{ from: from + origin, to: to + origin, attempt: null }] }),
})

/** An attempt as process time needs it. */
export interface AttemptSpan {
  attempt: number
  /** Steps from … to−1 that the default view shows of it. */
  from: number
  to: number
  /** When its process began, ms; else the wall time of its first point. */
  startMs: number
  /** Wall time of the last point that the default view shows of it; null where it shows none. */
  endMs: number | null
}

/**
 * Process time in ms: time since the attempt began plus, for each earlier attempt, the time from its begin to the last point that the
 * default view shows of it. Pauses between attempts and work that a later attempt replaced take no room.
 *
 * @param attempts in any order; at least one, else nothing has a place
 * @param by how the attempt of a point is found that is not given: by its step, or, for telemetry, whose steps are no training steps,
 *   by its wall time
 */
export function processPlaces(attempts: readonly AttemptSpan[], by: 'step' | 'time' = 'step'): XPlaces {
  const sorted = attempts.toSorted((a, b) => a.attempt - b.attempt)
  let before = 0
  const spans = sorted.map((span) => {
    const origin = span.startMs - before
    if (span.endMs !== null) before += Math.max(0, span.endMs - span.startMs)
    return { ...span, origin }
  })
  const isOf =
    by === 'step'
      ? (span: AttemptSpan, step: number) => span.from <= step && step < span.to
      : (span: AttemptSpan, _: number, time: number) => span.startMs <= time
  return {
    place: (steps, times, attempt) => {
      const given = spans.find((span) => span.attempt === attempt)
      let last = spans.at(-1)
      return times.map((time, i) => {
        const step = steps[i] as number
        if (given) return time - given.origin
        // Points come in runs of one attempt: the search is rare.
        if (by === 'time' || !last || !isOf(last, step, time))
          last = spans.findLast((span) => isOf(span, step, time)) ?? last
        return last ? time - last.origin : Number.NaN
      })
    },
    reach: (from, to) => ({
      by: 'time',
      spans: spans.map(({ attempt, origin }) => ({ attempt, from: from + origin, to: to + origin })),
    }),
  }
}

/** What takes so much an hour from a time on: devices, whose hours are device-hours, or money. Null: to the end of time. */
export interface HourlySpan {
  startMs: number
  endMs: number | null
  perHour: number
}

/** How much was taken up to a point's wall time: device-hours of held hardware, or money. */
export function hourlyPlaces(taken: readonly HourlySpan[]): XPlaces {
  const curve = curveOf(taken)
  return {
    place: (_, times) => times.map((time) => amountAt(curve, time)),
    reach: (from, to) => ({
      by: 'time',
      spans: [{ from: firstTimeOf(curve, from), to: lastTimeOf(curve, to), attempt: null }],
    }),
  }
}

/** How much was taken up to `timeMs`. */
export const hourlyAt = (taken: readonly HourlySpan[], timeMs: number): number => amountAt(curveOf(taken), timeMs)

/** Corners of the curve over time: from `timeMs` on it rises by `rate` an hour. */
interface Corner {
  timeMs: number
  amount: number
  rate: number
}

const MS_PER_HOUR = 3_600_000

function curveOf(taken: readonly HourlySpan[]): Corner[] {
  const turns = taken
    .filter(({ startMs, endMs }) => endMs === null || endMs > startMs)
    .flatMap(({ startMs, endMs, perHour }) => [
      { timeMs: startMs, by: perHour },
      ...(endMs === null ? [] : [{ timeMs: endMs, by: -perHour }]),
    ])
    .sort((a, b) => a.timeMs - b.timeMs)
  const corners: Corner[] = []
  for (const { timeMs, by } of turns) {
    const last = corners.at(-1)
    if (last?.timeMs === timeMs) last.rate += by
    else corners.push({ timeMs, amount: last ? amountFrom(last, timeMs) : 0, rate: (last?.rate ?? 0) + by })
  }
  return corners
}

const amountFrom = ({ timeMs, amount, rate }: Corner, at: number): number =>
  amount + ((at - timeMs) * rate) / MS_PER_HOUR

function amountAt(curve: readonly Corner[], timeMs: number): number {
  const corner = curve[firstIndex(curve.length, (i) => (curve[i] as Corner).timeMs > timeMs) - 1]
  return corner ? amountFrom(corner, timeMs) : 0
}

/** The earliest time at which so much was reached; +Infinity when never. */
function firstTimeOf(curve: readonly Corner[], amount: number): number {
  if (amount <= 0) return Number.NEGATIVE_INFINITY
  const corner = curve[firstIndex(curve.length, (i) => (curve[i] as Corner).amount >= amount) - 1]
  if (!corner || corner.rate <= 0) return Number.POSITIVE_INFINITY
  return corner.timeMs + ((amount - corner.amount) / corner.rate) * MS_PER_HOUR
}

/** The latest time at which not more than so much was reached; −Infinity when never. */
function lastTimeOf(curve: readonly Corner[], amount: number): number {
  if (amount < 0) return Number.NEGATIVE_INFINITY
  const at = firstIndex(curve.length, (i) => (curve[i] as Corner).amount > amount)
  const corner = curve[at - 1]
  if (!corner) return curve.length === 0 ? Number.POSITIVE_INFINITY : (curve[0] as Corner).timeMs
  if (corner.rate <= 0) return curve[at]?.timeMs ?? Number.POSITIVE_INFINITY
  return corner.timeMs + ((amount - corner.amount) / corner.rate) * MS_PER_HOUR
}

/** A metric as an x axis: ascending steps; from each step on up to the next its value, NaN: no place. */
export interface StepAxis {
  steps: Float64Array
  values: Float64Array
}

/**
 * A metric as an x axis. Values that are not finite are no place to draw at and are passed over.
 *
 * An axis that counts (tokens, epochs) may fall where a run resumed from an older checkpoint. The newest attempt wins: what earlier
 * attempts show at or beyond the least value of a later one has no place. An axis that falls within an attempt is no counter (a
 * learning rate): every point keeps its place, and a line over it is sorted by x.
 *
 * @param series the metric in the default view. Of buckets take first steps and least values: for a counter the least value is that
 *   of the first step
 * @param firstSteps where attempts begin that the default view shows, in any order; a run of one attempt needs none
 */
export function stepAxis(series: Pick<Series, 'steps' | 'values'>, firstSteps: readonly number[] = []): StepAxis {
  const { steps, values: given } = finitePoints(series)
  const starts = new Set(firstSteps.map((first) => firstIndex(steps.length, (i) => (steps[i] as number) >= first)))
  let falls = false
  for (let i = 1; i < given.length; i++)
    if ((given[i] as number) < (given[i - 1] as number)) {
      if (!starts.has(i)) return { steps, values: given }
      falls = true
    }
  if (!falls) return { steps, values: given }
  const values = given.slice()
  let least = Number.POSITIVE_INFINITY
  let leastOfLater = Number.POSITIVE_INFINITY
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i] as number
    least = Math.min(least, value)
    if (value >= leastOfLater) values[i] = Number.NaN
    if (starts.has(i)) leastOfLater = least
  }
  return { steps, values }
}

function finitePoints({ steps, values }: Pick<Series, 'steps' | 'values'>): StepAxis {
  if (values.every(Number.isFinite)) return { steps, values }
  return {
    steps: steps.filter((_, i) => Number.isFinite(values[i])),
    values: values.filter(Number.isFinite),
  }
}

/** Another metric of the run, joined by step. */
export const metricPlaces = (axis: StepAxis): XPlaces => ({
  place: (steps, _, __, join) => {
    const x = new Float64Array(steps.length)
    let next = 0
    for (let i = 0; i < x.length; i++) {
      const step = steps[i] as number
      while (next < axis.steps.length && (axis.steps[next] as number) <= step) next++
      const isPlace = next > 0 && (join === 'lastKnown' || axis.steps[next - 1] === step)
      x[i] = isPlace ? (axis.values[next - 1] as number) : Number.NaN
    }
    return x
  },
  reach: (from, to) => ({ by: 'step', spans: stepsOfRange(axis, from, to) }),
})

/**
 * The axis moved by what came before, such as the tokens that the weights had seen when the run began.
 *
 * @param per what one of the axis's own takes, above 0: FLOPs of a token
 */
export const placesFrom = (start: number, own: XPlaces, per = 1): XPlaces => ({
  place: (steps, times, attempt, join) => own.place(steps, times, attempt, join).map((x) => x * per + start),
  reach: (from, to) => own.reach((from - start) / per, (to - start) / per),
})

/** The most ranges of steps told apart; beyond, one that covers all. */
const SPANS_MAX = 64

/**
 * The steps whose place (last value at or before the step) lies in from … to: one range where the axis never falls, else one for each
 * time that it passes, and one over all of them when they are more than 64. Whole numbers except for an open end.
 */
export function stepsOfRange({ steps, values }: StepAxis, from: number, to: number): Span[] {
  return spansWhere(steps, (i) => (values[i] as number) >= from && (values[i] as number) <= to)
}

/** From each of these ascending steps of which `isIn` holds, by its index, up to the next; one span for all when they would be very many. */
export function spansWhere(steps: Float64Array, isIn: (i: number) => boolean): Span[] {
  const spans: Span[] = []
  for (let i = 0; i < steps.length; i++) {
    if (!isIn(i)) continue
    const span = {
      from: steps[i] as number,
      to: i + 1 < steps.length ? (steps[i + 1] as number) - 1 : Number.POSITIVE_INFINITY,
    }
    const last = spans.at(-1)
    if (last && last.to + 1 === span.from) last.to = span.to
    else spans.push(span)
  }
  const [first] = spans
  return first && spans.length > SPANS_MAX ? [{ from: first.from, to: spans.at(-1)?.to ?? first.to }] : spans
}

/** Columns of a line beside x: values of points, or mean, extremes and counts of buckets. */
export type Columns = Readonly<Record<string, Float32Array | Float64Array | Uint8Array>>

/** The entries that have a place in from … to, by x; equal ones keep their order. An end that is not given is open. */
export function arrange<C extends Columns>(
  x: Float64Array,
  columns: C,
  from = Number.NEGATIVE_INFINITY,
  to = Number.POSITIVE_INFINITY,
): { x: Float64Array } & C {
  let isWhole = true
  for (let i = 0; i < x.length && isWhole; i++) {
    const at = x[i] as number
    isWhole = at >= from && at <= to && (i === 0 || at >= (x[i - 1] as number))
  }
  if (isWhole) return { ...columns, x }
  const kept: number[] = []
  for (let i = 0; i < x.length; i++) if ((x[i] as number) >= from && (x[i] as number) <= to) kept.push(i)
  const order = Uint32Array.from(kept).sort((a, b) => (x[a] as number) - (x[b] as number) || a - b)
  const pick = <A extends Float32Array | Float64Array | Uint8Array>(column: A): A => {
    const picked = new (column.constructor as new (n: number) => A)(order.length)
    for (let i = 0; i < order.length; i++) picked[i] = column[order[i] as number] as number
    return picked
  }
  const picked = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, pick(column)]))
  return { ...(picked as C), x: pick(x) }
}

/** The line over steps. */
export const byStep = ({ steps, values }: Series): Line => ({ x: steps, y: values })

/** The line over wall time minus `origin`, both in ms; sorted by time, since clocks differ between processes. */
export const byTime = ({ steps, times, values }: Series, origin: number): Line =>
  arrange(timePlaces(origin).place(steps, times, null, 'exact'), { y: values })

/** The line over another metric, joined by step. */
export const byMetric = ({ steps, times, values }: Series, axis: Series, join: StepJoin): Line =>
  arrange(metricPlaces(stepAxis(axis)).place(steps, times, null, join), { y: values })

/** The points whose x lies in from … to, both included; an end that is not given is open. `x` ascends. */
export function cut({ x, y }: Line, from: number | undefined, to: number | undefined): Line {
  const first = from === undefined ? 0 : firstIndex(x.length, (i) => (x[i] as number) >= from)
  const end = to === undefined ? x.length : firstIndex(x.length, (i) => (x[i] as number) > to)
  return { x: x.subarray(first, Math.max(first, end)), y: y.subarray(first, Math.max(first, end)) }
}

/** The first of n indices that passes a test which holds from there on; n when none does. */
function firstIndex(n: number, passes: (i: number) => boolean): number {
  let low = 0
  let high = n
  while (low < high) {
    const middle = (low + high) >> 1
    if (passes(middle)) high = middle
    else low = middle + 1
  }
  return low
}
