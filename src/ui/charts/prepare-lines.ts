/**
 * From a chart answer to what is drawn. Nothing here touches a screen: which points are joined, where a line breaks, what is smoothed,
 * which band, which marks, how far the axes reach, and what had to be left out.
 */
import { spacingOf } from '#src/core/metrics/grid.ts'
import { isRough, type Smoothing, smoothLine } from '#src/core/metrics/smooth-line.ts'
import type { ChartAnswer, ChartGroupLine, ChartSeries, XAxis } from '#src/protocol/chart.ts'
import { isTimeAxis, isWholeAxis } from './axis-words.ts'
import { decodeFloat32, decodeFloat64, decodeUint16 } from './decode-array.ts'
import type { GroupShape } from './group-words.ts'
import { plotBox } from './plot-box.ts'
import { innerScale, linearScale, logScale, type Scale, timeScale } from './ticks.ts'

export interface ChartChoices {
  /** Null is off. */
  smoothing: Smoothing | null
  logY: boolean
  /** The range of x in view; null: all of it. */
  zoom: readonly [number, number] | null
  /** CSS px of the plot, for the number of marks. */
  width: number
  height: number
  /** The metric on the x axis `metric`. */
  xMetric?: string | null
  /** How the answer's groups were made; null: each run is a line of its own. */
  group?: GroupShape | null
}

/** Parallel arrays in data units, ascending by x, for readings, table and CSV. */
export interface LineData {
  x: Float64Array
  y: Float64Array
  smoothed: Float64Array | null
  /** Extremes of each bucket, or the band of a group. */
  low: Float64Array | null
  high: Float64Array | null
  /** Of a group: runs with a value, per bucket. */
  nRuns: Uint16Array | null
}

/** Runs drawn as one line. */
export interface PreparedGroup {
  name: string
  /** Its place among the groups of the chart, from 0. */
  order: number
  runs: readonly number[]
  shape: GroupShape
}

export interface PreparedLine {
  id: string
  /** Of a group its first run. */
  run: number
  group: PreparedGroup | null
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
  xMetric: string | null
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
  /** Runs that have no place on this axis, and why. */
  leftOut: readonly { run: number; why: string }[]
}

/** Above this many lines, bands and raw lines are left away and nothing is smoothed. */
export const FEW_LINES = 8

/** A missing bucket is a gap; two in a row may be rounding. */
const GAP_BUCKETS = 2.5

export function prepareLines(answer: ChartAnswer, choices: ChartChoices): PreparedChart {
  const { xMetric = null, group = null } = choices
  const decoded = group ? decodeGroups(answer, group) : answer.series.map(decodeSeries)
  const few = decoded.filter((line) => !line.isSuperseded).length <= FEW_LINES
  const view = choices.zoom ?? extentOfX(decoded)
  const pixel = (view[1] - view[0]) / plotBox(choices.width, choices.height).width
  if (few) for (const line of decoded) smoothIn(line, choices.smoothing, pixel)
  const wantsLog = choices.logY
  const range = extentOfY(decoded, view, wantsLog)
  const isLog = wantsLog && range.positive
  const lines = decoded.map((line) => drawLine(line, isLog, few, answer))
  const xCount = Math.max(2, Math.min(8, Math.floor(choices.width / 75)))
  const yCount = Math.max(2, Math.min(6, Math.floor(choices.height / 40)))
  const main = answer.series.filter((s) => !s.superseded)
  return {
    axis: answer.x,
    xMetric,
    lines,
    x: isTimeAxis(answer.x)
      ? timeScale(view[0], view[1], xCount)
      : innerScale(view[0], view[1], xCount, isWholeAxis(answer.x)),
    y: isLog ? logScale(range.min, range.max, yCount) : linearScale(range.min, range.max, yCount),
    isLog,
    n: sum(main, (s) => s.n),
    nTotal: sum(main, (s) => s.n_total),
    nSuperseded: sum(answer.series, (s) => (s.superseded ? s.n : 0)),
    nonFiniteN: sum(main, (s) => s.non_finite_n),
    isReduced: main.some((s) => !s.exact),
    leftOutOfLog: isLog ? range.notPositive : 0,
    resumes: group
      ? []
      : answer.attempts.flatMap(({ run, attempt, x }) => (attempt > 1 && x !== null ? [{ run, attempt, x }] : [])),
    zones: zonesOf(decoded),
    lastT: main.reduce<number | null>((last, s) => (s.last_t === null ? last : Math.max(last ?? 0, s.last_t)), null),
    leftOut: answer.left_out ?? [],
  }
}

/** A line as it came, before anything is decided about how it is drawn. */
type Decoded = Omit<PreparedLine, 'drawn' | 'faint' | 'band'>

function decodeSeries(series: ChartSeries): Decoded {
  // Reduced lines come in 32 bits, less what they all have in common.
  const values = (text: string): Float64Array =>
    series.exact ? decodeFloat64(text) : raised(decodeFloat32(text), series.base)
  return {
    id: `${series.run_uid}/${series.metric}/${series.attempt ?? 'main'}/${series.superseded ? 'superseded' : 'kept'}`,
    run: series.run,
    group: null,
    metric: series.metric,
    attempt: series.attempt,
    isSuperseded: series.superseded,
    isExact: series.exact,
    nonFinite: series.non_finite,
    data: {
      x: decodeFloat64(series.x),
      y: values(series.y),
      smoothed: series.smoothed === undefined ? null : values(series.smoothed),
      low: series.min === undefined ? null : values(series.min),
      high: series.max === undefined ? null : values(series.max),
      nRuns: null,
    },
  }
}

/** The lines of groups, in the order of the groups; their runs' own lines stay away. */
function decodeGroups({ groups }: ChartAnswer, shape: GroupShape): Decoded[] {
  const names = [...new Set(groups.map((line) => line.group))]
  return groups.map((line: ChartGroupLine) => {
    const values = (text: string): Float64Array => raised(decodeFloat32(text), line.base ?? 0)
    return {
      id: `group ${line.group}/${line.metric}`,
      run: line.runs[0] ?? 0,
      group: { name: line.group, order: names.indexOf(line.group), runs: line.runs, shape },
      metric: line.metric,
      attempt: null,
      isSuperseded: false,
      isExact: false,
      nonFinite: [],
      data: {
        x: decodeFloat64(line.x),
        y: values(line.center),
        smoothed: null,
        low: line.low === undefined ? null : values(line.low),
        high: line.high === undefined ? null : values(line.high),
        nRuns: decodeUint16(line.n_runs),
      },
    }
  })
}

function raised(values: Float64Array, base: number): Float64Array {
  if (base !== 0) for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + base
  return values
}

/** Smooths a line that gains by it, unless the answer brought it smoothed. */
function smoothIn(line: Decoded, smoothing: Smoothing | null, pixel: number): void {
  const { data } = line
  if (!smoothing || smoothing.amount === 0 || line.isSuperseded || !isRough(data.y)) data.smoothed = null
  else data.smoothed ??= smoothLine(data.x, data.y, smoothing, pixel)
}

function extentOfX(decoded: readonly Decoded[]): readonly [number, number] {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  const reach = (x: number | undefined) => {
    if (x === undefined) return
    from = Math.min(from, x)
    to = Math.max(to, x)
  }
  for (const { nonFinite, data } of decoded) {
    reach(data.x[0])
    reach(data.x.at(-1))
    for (const mark of nonFinite) reach(mark.x)
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
        // The band of a single run is not defined; its line is.
        if (Number.isNaN(data.low[i])) reach(data.y[i] as number)
      } else reach(data.y[i] as number)
    }
  }
  if (min <= max) return { min, max, notPositive, positive: true }
  // Nothing can be shown on a log scale: the linear one shows what there is.
  if (log) return { ...extentOfY(decoded, view, false), positive: false }
  return { min: 0, max: 1, notPositive, positive: false }
}

function drawLine(line: Decoded, isLog: boolean, few: boolean, { grid, px }: ChartAnswer): PreparedLine {
  const { data } = line
  const bucket = grid?.dx ?? spanOf(data.x) / Math.max(1, px)
  // Where buckets are narrower than the distance of points, a usual distance is no gap.
  const gap = line.isExact ? Number.POSITIVE_INFINITY : GAP_BUCKETS * Math.max(bucket, spacingOf(data.x))
  const toAxis = isLog ? (v: number) => (v > 0 ? Math.log10(v) : Number.NaN) : (v: number) => v
  return {
    ...line,
    drawn: interleave(data.x, [data.smoothed ?? data.y], toAxis, gap),
    faint: data.smoothed && few ? interleave(data.x, [data.y], toAxis, gap) : null,
    band: data.low && data.high && few ? interleave(data.x, [data.low, data.high], toAxis, gap) : null,
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
  return decoded.flatMap(({ isSuperseded, data }) => {
    const from = data.x[0]
    const to = data.x.at(-1)
    return isSuperseded && from !== undefined && to !== undefined ? [{ from, to }] : []
  })
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0)
