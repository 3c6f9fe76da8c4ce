/**
 * From a chart answer to what is drawn. Nothing here touches a screen: which points are joined, where a line breaks, what is smoothed,
 * which band, which marks, how far the axes reach, and what had to be left out.
 */
import type { ChartAnswer, ChartSeries, XAxis } from '#src/protocol/chart.ts'
import { decodeFloat32, decodeFloat64 } from './decode-array.ts'
import { smooth } from './smooth.ts'
import { innerScale, linearScale, logScale, type Scale, timeScale } from './ticks.ts'

export interface ChartChoices {
  /** 0 is off. */
  smoothing: number
  logY: boolean
  /** The range of x in view; null: all of it. */
  zoom: readonly [number, number] | null
  /** CSS px of the plot, for the number of marks. */
  width: number
  height: number
}

/** Parallel arrays in data units, ascending by x, for readings, table and CSV. */
export interface LineData {
  x: Float64Array
  y: Float64Array
  smoothed: Float64Array | null
  low: Float64Array | null
  high: Float64Array | null
}

export interface PreparedLine {
  id: string
  run: number
  metric: string
  attempt: number | null
  isSuperseded: boolean
  isExact: boolean
  data: LineData
  /** Interleaved x, y in axis units (log10 of y on a log scale); a row with NaN breaks the line. */
  drawn: Float64Array
  /** The raw line behind a smoothed one. */
  faint: Float64Array | null
  /** Interleaved x, low, high of the extremes per bucket; NaN rows break it. */
  band: Float64Array | null
  nonFinite: ChartSeries['non_finite']
}

export interface PreparedChart {
  axis: XAxis
  lines: PreparedLine[]
  x: Scale
  y: Scale
  isLog: boolean
  /** Points in the range, points of the whole series, and points of superseded attempts, summed over lines. */
  n: number
  nTotal: number
  nSuperseded: number
  nonFiniteN: number
  /** Buckets were drawn instead of points. */
  isReduced: boolean
  /** Values at or below 0 that a log scale cannot show. */
  leftOutOfLog: number
  /** Where later attempts begin. */
  resumes: { run: number; attempt: number; x: number }[]
  /** Ranges of x that only superseded attempts cover. */
  zones: { from: number; to: number }[]
  /** Epoch ms of the newest point. */
  lastT: number | null
}

/** Above this many lines, bands and raw lines are left away. */
export const FEW_LINES = 8

/** A missing bucket is a gap; two in a row may be rounding. */
const GAP_BUCKETS = 2.5

export function prepareLines(answer: ChartAnswer, choices: ChartChoices): PreparedChart {
  const few = answer.series.filter((s) => !s.superseded).length <= FEW_LINES
  const decoded = answer.series.map((series) => ({ series, data: decode(series, few ? choices.smoothing : 0) }))
  const view = choices.zoom ?? extentOfX(decoded)
  const wantsLog = choices.logY
  const range = extentOfY(decoded, view, wantsLog)
  const isLog = wantsLog && range.positive
  const lines = decoded.map(({ series, data }) => drawLine(series, data, isLog, few, answer.px))
  const xCount = Math.max(2, Math.min(8, Math.floor(choices.width / 75)))
  const yCount = Math.max(2, Math.min(6, Math.floor(choices.height / 40)))
  const main = answer.series.filter((s) => !s.superseded)
  return {
    axis: answer.x,
    lines,
    x:
      answer.x === 'time' || answer.x === 'relative'
        ? timeScale(view[0], view[1], xCount)
        : innerScale(view[0], view[1], xCount, true),
    y: isLog ? logScale(range.min, range.max, yCount) : linearScale(range.min, range.max, yCount),
    isLog,
    n: sum(main, (s) => s.n),
    nTotal: sum(main, (s) => s.n_total),
    nSuperseded: sum(answer.series, (s) => (s.superseded ? s.n : 0)),
    nonFiniteN: sum(main, (s) => s.non_finite_n),
    isReduced: main.some((s) => !s.exact),
    leftOutOfLog: isLog ? range.notPositive : 0,
    resumes: answer.attempts.flatMap(({ run, attempt, x }) => (attempt > 1 && x !== null ? [{ run, attempt, x }] : [])),
    zones: zonesOf(decoded),
    lastT: main.reduce<number | null>((last, s) => (s.last_t === null ? last : Math.max(last ?? 0, s.last_t)), null),
  }
}

interface Decoded {
  series: ChartSeries
  data: LineData
}

function decode(series: ChartSeries, smoothing: number): LineData {
  const x = decodeFloat64(series.x)
  const y = series.exact ? decodeFloat64(series.y) : decodeFloat32(series.y)
  return {
    x,
    y,
    smoothed: series.superseded ? null : smooth(x, y, smoothing),
    low: series.min === undefined ? null : decodeFloat32(series.min),
    high: series.max === undefined ? null : decodeFloat32(series.max),
  }
}

function extentOfX(decoded: readonly Decoded[]): readonly [number, number] {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  const reach = (x: number | undefined) => {
    if (x === undefined) return
    from = Math.min(from, x)
    to = Math.max(to, x)
  }
  for (const { series, data } of decoded) {
    reach(data.x[0])
    reach(data.x.at(-1))
    for (const mark of series.non_finite) reach(mark.x)
  }
  return from <= to ? [from, to] : [0, 1]
}

/** Extremes of what is in view; on a log scale only of positive values, with the number of the others. */
function extentOfY(
  decoded: readonly Decoded[],
  view: readonly [number, number],
  log: boolean,
): { min: number; max: number; notPositive: number; positive: boolean } {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let notPositive = 0
  const reach = (value: number) => {
    if (!Number.isFinite(value)) return
    if (log && value <= 0) {
      notPositive++
      return
    }
    if (value < min) min = value
    if (value > max) max = value
  }
  for (const { data } of decoded) {
    for (let i = 0; i < data.x.length; i++) {
      const x = data.x[i] as number
      if (x < view[0] || x > view[1]) continue
      if (data.low && data.high) {
        reach(data.low[i] as number)
        reach(data.high[i] as number)
      } else reach(data.y[i] as number)
    }
  }
  if (min <= max) return { min, max, notPositive, positive: true }
  // Nothing can be shown on a log scale: the linear one shows what there is.
  if (log) return { ...extentOfY(decoded, view, false), positive: false }
  return { min: 0, max: 1, notPositive, positive: false }
}

function drawLine(series: ChartSeries, data: LineData, isLog: boolean, few: boolean, px: number): PreparedLine {
  const gap = series.exact ? Number.POSITIVE_INFINITY : (GAP_BUCKETS * spanOf(data.x)) / Math.max(1, px)
  const toAxis = isLog ? (v: number) => (v > 0 ? Math.log10(v) : Number.NaN) : (v: number) => v
  return {
    id: `${series.run_uid}/${series.metric}/${series.attempt ?? 'main'}/${series.superseded ? 'superseded' : 'kept'}`,
    run: series.run,
    metric: series.metric,
    attempt: series.attempt,
    isSuperseded: series.superseded,
    isExact: series.exact,
    data,
    drawn: interleave(data.x, [data.smoothed ?? data.y], toAxis, gap),
    faint: data.smoothed && few ? interleave(data.x, [data.y], toAxis, gap) : null,
    band: data.low && data.high && few ? interleave(data.x, [data.low, data.high], toAxis, gap) : null,
    nonFinite: series.non_finite,
  }
}

const spanOf = (x: Float64Array): number => (x.at(-1) ?? 0) - (x[0] ?? 0)

/** Rows of x and one value of each of `ys`; a value that cannot be drawn, and a gap in x, leave a row of NaN. */
function interleave(
  x: Float64Array,
  ys: readonly Float64Array[],
  toAxis: (value: number) => number,
  gap: number,
): Float64Array {
  const rows: number[] = []
  let before = x[0] ?? 0
  for (let i = 0; i < x.length; i++) {
    const at = x[i] as number
    if (at - before > gap) rows.push(before, ...ys.map(() => Number.NaN))
    rows.push(at)
    for (const y of ys) {
      const value = toAxis(y[i] as number)
      rows.push(Number.isFinite(value) ? value : Number.NaN)
    }
    before = at
  }
  return Float64Array.from(rows)
}

function zonesOf(decoded: readonly Decoded[]): { from: number; to: number }[] {
  return decoded.flatMap(({ series, data }) => {
    const from = data.x[0]
    const to = data.x.at(-1)
    return series.superseded && from !== undefined && to !== undefined ? [{ from, to }] : []
  })
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0)
