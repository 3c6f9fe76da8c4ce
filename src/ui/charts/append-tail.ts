/**
 * Puts the newest points of a live chart behind those that are there, so that only they cross the wire. Nothing is guessed: where what
 * came does not fit to what is there, the chart is to be fetched as a whole.
 */
import type { ChartData, ChartLine } from '#src/protocol/chart-body.ts'

/** Above this many buckets per pixel a chart is reduced anew; a whole answer has less than two. */
const BUCKETS_PER_PX_MAX = 4

/**
 * From where on these lines are asked for again: the beginning of the last bucket, or the last point, of the one that is behind most.
 * Null when the chart cannot be continued: it is a part, it is put together from others, or its places are not steps.
 *
 * @param runs numbers of runs that have news; others are left as they are
 */
export function tailBegin(chart: ChartData, runs: ReadonlySet<number>): number | null {
  if (chart.x !== 'step' || chart.from !== null || chart.to !== null || chart.groups.length > 0) return null
  let begin = Number.POSITIVE_INFINITY
  for (const line of chart.series) {
    if (line.superseded || line.smoothed) return null
    const last = line.x.at(-1)
    if (!runs.has(line.run)) continue
    if (last === undefined) return null
    begin = Math.min(begin, last)
  }
  return Number.isFinite(begin) ? begin : null
}

/**
 * The chart with its tail replaced; equal to the whole answer on the same grid where nothing was rewritten. Null when it must be
 * fetched as a whole: something before the tail was rewritten, an attempt or a line was added, a line turned from exact to reduced, or
 * buckets are too many.
 *
 * @param tail the answer to the same question from `tail.from` on, with the chart's grid, of some of its runs
 */
export function appendTail(chart: ChartData, tail: ChartData): ChartData | null {
  const { from } = tail
  if (from === null) return null
  const runs = new Set(tail.series.map((line) => line.run))
  const marks = ({ attempts }: ChartData) => JSON.stringify(attempts.filter((mark) => runs.has(mark.run)))
  if (marks(chart) !== marks(tail)) return null
  const left = new Map(tail.series.map((line) => [lineId(line), line]))
  const series: ChartLine[] = []
  for (const line of chart.series) {
    const more = left.get(lineId(line))
    left.delete(lineId(line))
    const grown = more ? appendLine(line, more, from) : line
    if (!grown || (!grown.exact && grown.shown > BUCKETS_PER_PX_MAX * chart.px)) return null
    series.push(grown)
  }
  if (left.size > 0) return null
  return { ...chart, series, last_write: Math.max(chart.last_write ?? 0, tail.last_write ?? 0) || null }
}

const lineId = ({ run_uid, metric, attempt }: ChartLine): string => `${run_uid} ${attempt} ${metric}`

function appendLine(line: ChartLine, more: ChartLine, from: number): ChartLine | null {
  if (line.exact !== more.exact) return null
  const kept = line.x.findLastIndex((x) => x < from) + 1
  const marks = line.non_finite.filter((mark) => mark.x < from)
  const hasAllMarks = line.non_finite.length === line.non_finite_n
  // Of marks that stand for several values it is not known how many lie before the tail.
  if (!hasAllMarks && marks.length !== line.non_finite.length) return null
  const shown = kept + more.x.length
  const n = line.exact ? shown : more.n_total
  if (n !== more.n_total) return null
  const y = join(line.y, kept, more.y, more.base - line.base)
  return {
    ...line,
    n,
    n_total: more.n_total,
    shown,
    x: join(line.x, kept, more.x, 0) as Float64Array,
    y,
    ...(line.min && more.min && { min: join(line.min, kept, more.min, more.base - line.base) }),
    ...(line.max && more.max && { max: join(line.max, kept, more.max, more.base - line.base) }),
    non_finite: [...marks, ...more.non_finite],
    non_finite_n: (hasAllMarks ? marks.length : line.non_finite_n) + more.non_finite_n,
    last_step: more.last_step,
    last_t: more.last_t,
  }
}

type Floats = Float32Array | Float64Array

/** The first `kept` of one and all of the other, which lies `by` higher. */
function join(begin: Floats, kept: number, end: Floats, by: number): Floats {
  const joined =
    begin instanceof Float32Array ? new Float32Array(kept + end.length) : new Float64Array(kept + end.length)
  joined.set(begin.subarray(0, kept))
  for (let i = 0; i < end.length; i++) joined[kept + i] = (end[i] as number) + by
  return joined
}
