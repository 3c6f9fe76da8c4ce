/**
 * From a chart answer to what is drawn. Nothing here touches a screen: which points are joined, where a line breaks, what is smoothed,
 * which band, which marks, how far the axes reach, and what had to be left out.
 */

import type { XAxis } from '#src/core/metrics/chart-choices.ts'
import { spacingOf } from '#src/core/metrics/grid.ts'
import { isRough, type Smoothing, smoothLine } from '#src/core/metrics/smooth-line.ts'
import type { ChartData, ChartGroup, ChartLine } from '#src/protocol/chart-body.ts'
import { isTimeAxis, isWholeAxis } from './axis-words.ts'
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
  /** Interleaved x, y in axis units (log10 of y on a log scale) as far as it is in view; a row with NaN breaks the line. */
  drawn: Float64Array
  /** The raw line behind a smoothed one. */
  faint: Float64Array | null
  /** Interleaved x, low, high of the extremes per bucket; NaN rows break it. */
  band: Float64Array | null
  nonFinite: ChartLine['non_finite']
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

/** Above this many lines, bands and raw lines are left away. */
export const FEW_LINES = 8

/** Above this many lines they are a thicket: thin, unbroken and less finely resolved. */
export const MANY_LINES = 20

/** A missing bucket is a gap; two in a row may be rounding. */
const GAP_BUCKETS = 2.5

/** Lines ready to be looked at: all that stays the same when the range in view does not. */
export interface ShapedLines {
  answer: ChartData
  group: GroupShape | null
  lines: readonly Decoded[]
  /** From the first to the last x. */
  extent: readonly [number, number]
  /** What is drawn of each line, whole. */
  rows(isLog: boolean): readonly Rows[]
}

type Rows = Pick<PreparedLine, 'drawn' | 'faint' | 'band'>

/** The lines of an answer in view. */
export const prepareLines = (answer: ChartData, choices: ChartChoices): PreparedChart =>
  viewLines(shapeLines(answer, choices), choices)

/** Smooths lines by the pixels of the range that the answer was asked for, and joins their points. */
export function shapeLines(answer: ChartData, choices: Omit<ChartChoices, 'zoom' | 'logY'>): ShapedLines {
  const { smoothing, group = null } = choices
  const plain = group ? plainGroups(answer, group) : answer.series.map(plainSeries)
  const isFew = plain.filter((line) => !line.isSuperseded).length <= FEW_LINES
  const extent = extentOfX(plain)
  const { from, to } = answer
  const asked = from === null || to === null ? extent[1] - extent[0] : to - from
  const pixel = asked / plotBox(choices.width, choices.height).width
  const lines = plain.map((line) => ({ ...line, data: { ...line.data, smoothed: smoothed(line, smoothing, pixel) } }))
  const rows: { linear?: readonly Rows[]; log?: readonly Rows[] } = {}
  return {
    answer,
    group,
    lines,
    extent,
    rows: (isLog) => (rows[isLog ? 'log' : 'linear'] ??= lines.map((line) => rowsOf(line, isLog, isFew, answer))),
  }
}

/** What of shaped lines is in view: a zoom costs no more than what it shows. */
export function viewLines(shaped: ShapedLines, choices: ChartChoices): PreparedChart {
  const { answer, group, lines } = shaped
  const view = choices.zoom ?? shaped.extent
  const wantsLog = choices.logY
  const range = extentOfY(lines, view, wantsLog)
  const isLog = wantsLog && range.positive
  const rows = shaped.rows(isLog)
  const xCount = Math.max(2, Math.min(8, Math.floor(choices.width / 75)))
  const yCount = Math.max(2, Math.min(6, Math.floor(choices.height / 40)))
  const main = answer.series.filter((s) => !s.superseded)
  return {
    axis: answer.x,
    xMetric: choices.xMetric ?? null,
    lines: lines.map((line, i) => ({ ...line, ...inView(rows[i] as Rows, view) })),
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
    zones: zonesOf(lines),
    lastT: main.reduce<number | null>((last, s) => (s.last_t === null ? last : Math.max(last ?? 0, s.last_t)), null),
    leftOut: answer.left_out ?? [],
  }
}

/** A line as it came, before anything is decided about how it is drawn. */
type Decoded = Omit<PreparedLine, 'drawn' | 'faint' | 'band'>

function plainSeries(series: ChartLine): Decoded {
  const { base } = series
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
      x: series.x,
      y: widened(series.y, base),
      smoothed: series.smoothed === undefined ? null : widened(series.smoothed, base),
      low: series.min === undefined ? null : widened(series.min, base),
      high: series.max === undefined ? null : widened(series.max, base),
      nRuns: null,
    },
  }
}

/** The lines of groups, in the order of the groups; their runs' own lines stay away. */
function plainGroups({ groups }: ChartData, shape: GroupShape): Decoded[] {
  const names = [...new Set(groups.map((line) => line.group))]
  return groups.map((line: ChartGroup) => {
    const { base = 0 } = line
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
        x: line.x,
        y: widened(line.center, base),
        smoothed: null,
        low: line.low === undefined ? null : widened(line.low, base),
        high: line.high === undefined ? null : widened(line.high, base),
        nRuns: line.n_runs,
      },
    }
  })
}

/** Reduced lines come in 32 bits, less what they all have in common. */
function widened(values: Float32Array | Float64Array, base: number): Float64Array {
  if (base === 0) return values instanceof Float64Array ? values : Float64Array.from(values)
  const wide = new Float64Array(values.length)
  for (let i = 0; i < wide.length; i++) wide[i] = (values[i] as number) + base
  return wide
}

/** A line that gains by it, smoothed, unless the answer brought it smoothed. */
function smoothed({ data, isSuperseded }: Decoded, smoothing: Smoothing | null, pixel: number): Float64Array | null {
  if (!smoothing || smoothing.amount === 0 || isSuperseded || !isRough(data.y)) return null
  return data.smoothed ?? smoothLine(data.x, data.y, smoothing, pixel)
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
    const end = firstAbove(data.x, 1, view[1])
    for (let i = firstFrom(data.x, 1, view[0]); i < end; i++) {
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

function rowsOf(line: Decoded, isLog: boolean, isFew: boolean, { grid, px }: ChartData): Rows {
  const { data } = line
  const bucket = grid?.dx ?? spanOf(data.x) / Math.max(1, px)
  const gap = line.isExact ? Number.POSITIVE_INFINITY : gapOf(data.x, bucket)
  return {
    drawn: interleave(data.x, [data.smoothed ?? data.y], isLog, gap),
    faint: data.smoothed && isFew ? interleave(data.x, [data.y], isLog, gap) : null,
    band: data.low && data.high && isFew ? interleave(data.x, [data.low, data.high], isLog, gap) : null,
  }
}

const spanOf = (x: Float64Array): number => (x.at(-1) ?? 0) - (x[0] ?? 0)

/** The distance that is a gap. Where buckets are narrower than the distance of points, a usual distance is none. */
function gapOf(x: Float64Array, bucket: number): number {
  const gap = GAP_BUCKETS * bucket
  for (let i = 1; i < x.length; i++)
    if ((x[i] as number) - (x[i - 1] as number) > gap) return Math.max(gap, GAP_BUCKETS * spacingOf(x))
  return gap
}

/** Rows of x and one value of each of `ys`; a value that cannot be drawn, and a gap in x, leave a row of NaN. */
function interleave(x: Float64Array, ys: readonly Float64Array[], isLog: boolean, gap: number): Float64Array {
  const width = ys.length + 1
  let gaps = 0
  for (let i = 1; i < x.length; i++) if ((x[i] as number) - (x[i - 1] as number) > gap) gaps++
  const rows = new Float64Array((x.length + gaps) * width)
  let at = 0
  for (let i = 0; i < x.length; i++) {
    if (i > 0 && (x[i] as number) - (x[i - 1] as number) > gap) {
      rows.fill(Number.NaN, at, at + width)
      rows[at] = x[i - 1] as number
      at += width
    }
    rows[at] = x[i] as number
    for (let k = 0; k < ys.length; k++) {
      const value = (ys[k] as Float64Array)[i] as number
      const placed = isLog ? Math.log10(value) : value
      // The logarithm of what is at or below 0 is not finite either.
      rows[at + 1 + k] = placed - placed === 0 ? placed : Number.NaN
    }
    at += width
  }
  return rows
}

/** The rows in view and the one before and after: lines leave the picture, they do not end at its edge. */
function inView({ drawn, faint, band }: Rows, view: readonly [number, number]): Rows {
  const cut = (rows: Float64Array, width: number) => {
    const from = Math.max(0, firstFrom(rows, width, view[0]) - 1)
    return rows.subarray(from * width, (firstAbove(rows, width, view[1]) + 1) * width)
  }
  return { drawn: cut(drawn, 2), faint: faint && cut(faint, 2), band: band && cut(band, 3) }
}

/** The first row whose x is at or above a place; x is the first of `width` numbers and ascends. */
function firstFrom(rows: Float64Array, width: number, place: number): number {
  let low = 0
  let high = rows.length / width
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle * width] as number) < place) low = middle + 1
    else high = middle
  }
  return low
}

/** The first row whose x is above a place. */
function firstAbove(rows: Float64Array, width: number, place: number): number {
  let low = firstFrom(rows, width, place)
  while (low < rows.length / width && rows[low * width] === place) low++
  return low
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
