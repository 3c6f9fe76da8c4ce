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
import { innerLogScale, innerScale, linearScale, logScale, type Scale, timeScale } from './ticks.ts'

export interface ChartChoices {
  /** Null is off. */
  smoothing: Smoothing | null
  logY: boolean
  logX?: boolean
  /** The range of x in view; null: all of it. */
  zoom: readonly [number, number] | null
  /** The range of y in view; null: as the bounds and the data say. */
  zoomY?: readonly [number, number] | null
  /** Bounds of y; null at an end: as the data reach. */
  bounds?: readonly [number | null, number | null]
  /** False: y reaches over the middle of the values, and what lies beyond is counted. */
  outliers?: boolean
  /** CSS px of the plot, for the number of marks. */
  width: number
  height: number
  /** Room beside the plot for names of lines, CSS px. */
  right?: number
  /** The metric on the x axis `metric`. */
  xMetric?: string | null
  /** How the answer's groups were made; null: each run is a line of its own. */
  group?: GroupShape | null
  /** Draws the runs of a group behind its line. */
  members?: boolean
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
  /** A run of a group that is drawn behind the group's line: seen, and not read. */
  isMember: boolean
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
  /** Values in the range of x that lie above or below the range of y. */
  beyondY: number
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
  rows(isLog: boolean, isLogX: boolean): readonly Rows[]
}

type Rows = Pick<PreparedLine, 'drawn' | 'faint' | 'band'>

/** The lines of an answer in view. */
export const prepareLines = (answer: ChartData, choices: ChartChoices): PreparedChart =>
  viewLines(shapeLines(answer, choices), choices)

/** Smooths lines by the pixels of the range that the answer was asked for, and joins their points. */
export function shapeLines(
  answer: ChartData,
  choices: Pick<ChartChoices, 'smoothing' | 'width' | 'height' | 'right' | 'group' | 'members'>,
): ShapedLines {
  const { smoothing, group = null } = choices
  const plain = group
    ? [...(choices.members ? membersOf(answer, group) : []), ...plainGroups(answer, group)]
    : answer.series.map(decodedOf)
  const isFew = plain.filter((line) => !line.isSuperseded && !line.isMember).length <= FEW_LINES
  const extent = extentOfX(plain)
  const { from, to } = answer
  const asked = from === null || to === null ? extent[1] - extent[0] : to - from
  const pixel = asked / plotBox(choices.width, choices.height, choices.right).width
  const lines = plain.map((line) => smoothedLine(line, smoothing, pixel))
  const rows = new Map<string, readonly Rows[]>()
  return {
    answer,
    group,
    lines,
    extent,
    rows(isLog, isLogX) {
      const key = `${isLog} ${isLogX}`
      const made = rows.get(key) ?? lines.map((line) => heldRows(line, { isLog, isLogX, isFew }, answer))
      rows.set(key, made)
      return made
    },
  }
}

/** What of shaped lines is in view: a zoom costs no more than what it shows. */
export function viewLines(shaped: ShapedLines, choices: ChartChoices): PreparedChart {
  const { answer, group, lines } = shaped
  const isTime = isTimeAxis(answer.x)
  const wantsLogX = (choices.logX ?? false) && answer.x !== 'time'
  const whole = choices.zoom ?? shaped.extent
  const least = wantsLogX && whole[0] <= 0 ? leastAbove0(lines, whole[1]) : whole[0]
  const isLogX = wantsLogX && least !== null && whole[1] > 0
  const view: readonly [number, number] = isLogX ? [least, whole[1]] : whole
  const wantsLog = choices.logY
  const range = extentOfY(lines, view, wantsLog, choices.outliers ?? true)
  const isLog = wantsLog && range.positive
  const rows = shaped.rows(isLog, isLogX)
  const xCount = Math.max(2, Math.min(8, Math.floor(choices.width / 75)))
  const yCount = Math.max(2, Math.min(6, Math.floor(choices.height / 40)))
  const main = answer.series.filter((s) => !s.superseded)
  const y = scaleOfY(range, choices, isLog, yCount)
  const rowView = isLogX ? ([Math.log10(view[0]), Math.log10(view[1])] as const) : view
  return {
    axis: answer.x,
    xMetric: choices.xMetric ?? null,
    lines: lines.map((line, i) => ({ ...line, ...inView(rows[i] as Rows, rowView) })),
    x: isLogX
      ? innerLogScale(view[0], view[1], xCount)
      : isTime
        ? timeScale(view[0], view[1], xCount)
        : innerScale(view[0], view[1], xCount, isWholeAxis(answer.x)),
    y,
    isLog,
    n: sum(main, (s) => s.n),
    nTotal: sum(main, (s) => s.n_total),
    nSuperseded: sum(answer.series, (s) => (s.superseded ? s.n : 0)),
    nonFiniteN: sum(main, (s) => s.non_finite_n),
    isReduced: main.some((s) => !s.exact),
    leftOutOfLog: isLog ? range.notPositive : 0,
    beyondY: countBeyond(lines, view, isLog ? [10 ** y.min, 10 ** y.max] : [y.min, y.max], isLog),
    resumes: group
      ? []
      : answer.attempts.flatMap(({ run, attempt, x }) => (attempt > 1 && x !== null ? [{ run, attempt, x }] : [])),
    zones: zonesOf(lines),
    lastT: main.reduce<number | null>((last, s) => (s.last_t === null ? last : Math.max(last ?? 0, s.last_t)), null),
    leftOut: answer.left_out ?? [],
  }
}

/** The part of an answer that is about some of its runs; each line stays the same object. */
export function ofRuns(answer: ChartData, runs: ReadonlySet<number>): ChartData {
  if (answer.series.every((line) => runs.has(line.run))) return answer
  return {
    ...answer,
    series: answer.series.filter((line) => runs.has(line.run)),
    attempts: answer.attempts.filter((mark) => runs.has(mark.run)),
    ...(answer.left_out && { left_out: answer.left_out.filter(({ run }) => runs.has(run)) }),
  }
}

type RangeOfY = ReturnType<typeof extentOfY>

/** Ends that somebody chose stand as they are; else they are marks themselves. */
function scaleOfY(range: RangeOfY, { zoomY, bounds }: ChartChoices, isLog: boolean, count: number): Scale {
  const [least, most] = zoomY ?? bounds ?? [null, null]
  if (least === null && most === null)
    return isLog ? logScale(range.min, range.max, count) : linearScale(range.min, range.max, count)
  const min = least ?? Math.min(range.min, most ?? range.min)
  const max = most ?? Math.max(range.max, min)
  // Bounds that a log scale cannot have leave it as the data reach.
  if (isLog && !(min > 0 && max > min)) return logScale(range.min, range.max, count)
  if (!(max > min)) return linearScale(min, min, count)
  if (!isLog) return innerScale(min, max, count, false)
  const { at } = innerLogScale(min, max, count * 2)
  return { min: Math.log10(min), max: Math.log10(max), at: at.map(Math.log10) }
}

/** The smallest x above 0, for the beginning of a log scale; null: there is none. */
function leastAbove0(lines: readonly Decoded[], to: number): number | null {
  let least = Number.POSITIVE_INFINITY
  for (const { data } of lines) {
    const x = data.x[firstAbove(data.x, 1, 0)]
    if (x !== undefined && x < least) least = x
  }
  return least < to ? least : null
}

/** A line decoded and smoothed once, however often the runs beside it come and go. */
const decoded = new WeakMap<ChartLine, Decoded>()
const smoothedLines = new WeakMap<Decoded, { key: string; line: Decoded }>()
const rowsOfLines = new WeakMap<Decoded, Map<string, Rows>>()

function decodedOf(series: ChartLine): Decoded {
  const line = decoded.get(series) ?? plainSeries(series)
  decoded.set(series, line)
  return line
}

function smoothedLine(line: Decoded, smoothing: Smoothing | null, pixel: number): Decoded {
  const key = smoothing ? `${smoothing.kind} ${smoothing.amount} ${pixel}` : ''
  const held = smoothedLines.get(line)
  if (held?.key === key) return held.line
  const made = { ...line, data: { ...line.data, smoothed: smoothed(line, smoothing, pixel) } }
  smoothedLines.set(line, { key, line: made })
  return made
}

interface RowForm {
  isLog: boolean
  isLogX: boolean
  isFew: boolean
}

function heldRows(line: Decoded, form: RowForm, answer: ChartData): Rows {
  const held = rowsOfLines.get(line) ?? new Map<string, Rows>()
  rowsOfLines.set(line, held)
  const key = `${form.isLog} ${form.isLogX} ${form.isFew} ${answer.grid?.dx} ${answer.px}`
  const rows = held.get(key) ?? rowsOf(line, form, answer)
  held.set(key, rows)
  return rows
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
    isMember: false,
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

/** The runs of groups as lines of their own, in the group's colour and without what only its line tells. */
function membersOf({ series, groups }: ChartData, shape: GroupShape): Decoded[] {
  const names = [...new Set(groups.map((line) => line.group))]
  const groupOf = new Map<number, PreparedGroup>(
    groups.flatMap(({ group, runs }) =>
      runs.map((run) => [run, { name: group, order: names.indexOf(group), runs, shape }]),
    ),
  )
  return series.flatMap((line) => {
    const group = groupOf.get(line.run)
    if (line.superseded || !group) return []
    const { data, ...rest } = decodedOf(line)
    return [{ ...rest, group, isMember: true, nonFinite: [], data: { ...data, low: null, high: null } }]
  })
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
      isMember: false,
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

/**
 * Extremes of what is in view; on a log scale only of positive values, with the number of the others. Without outliers from the first
 * to the last hundredth of the lines' values, bands and all beyond left aside.
 */
function extentOfY(
  decoded: readonly Decoded[],
  view: readonly [number, number],
  log: boolean,
  outliers: boolean,
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
  if (min <= max && !outliers) [min, max] = middleOf(decoded, view, log) ?? [min, max]
  if (min <= max) return { min, max, notPositive, positive: true }
  // Nothing can be shown on a log scale: the linear one shows what there is.
  if (log) return { ...extentOfY(decoded, view, false, outliers), positive: false }
  return { min: 0, max: 1, notPositive, positive: false }
}

/** Values at each end that count as outliers where those are left aside. */
const OUTLYING_SHARE = 0.01
/** Of fewer values none is an outlier. */
const OUTLYING_OF_MIN = 20

function middleOf(
  lines: readonly Decoded[],
  view: readonly [number, number],
  log: boolean,
): readonly [number, number] | null {
  const parts = lines.map(({ data }) => data.y.subarray(firstFrom(data.x, 1, view[0]), firstAbove(data.x, 1, view[1])))
  const all = new Float64Array(parts.reduce((n, part) => n + part.length, 0))
  let n = 0
  for (const part of parts)
    for (const value of part) if (Number.isFinite(value) && (!log || value > 0)) all[n++] = value
  if (n < OUTLYING_OF_MIN) return null
  const sorted = all.subarray(0, n).sort()
  const cut = Math.ceil(n * OUTLYING_SHARE)
  return [sorted[cut] as number, sorted[n - 1 - cut] as number]
}

/** Values of lines that are in view by x and not by y; those that a log scale has no place for are counted elsewhere. */
function countBeyond(
  lines: readonly Decoded[],
  view: readonly [number, number],
  [min, max]: readonly [number, number],
  isLog: boolean,
): number {
  // Ends that are marks are the powers of their logarithms.
  const slack = (max - min) * 1e-9
  let n = 0
  for (const { data } of lines) {
    const end = firstAbove(data.x, 1, view[1])
    for (let i = firstFrom(data.x, 1, view[0]); i < end; i++) {
      const value = data.y[i] as number
      if ((value < min - slack && (!isLog || value > 0)) || value > max + slack) n++
    }
  }
  return n
}

function rowsOf(line: Decoded, { isLog, isLogX, isFew }: RowForm, { grid, px }: ChartData): Rows {
  const { data } = line
  const bucket = grid?.dx ?? spanOf(data.x) / Math.max(1, px)
  const gap = line.isExact ? Number.POSITIVE_INFINITY : gapOf(data.x, bucket)
  const joined = (ys: readonly Float64Array[]) => interleave(data.x, ys, { isLog, isLogX, gap })
  return {
    drawn: joined([data.smoothed ?? data.y]),
    faint: data.smoothed && isFew ? joined([data.y]) : null,
    band: data.low && data.high && isFew ? joined([data.low, data.high]) : null,
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
function interleave(
  all: Float64Array,
  ys: readonly Float64Array[],
  { isLog, isLogX, gap }: { isLog: boolean; isLogX: boolean; gap: number },
): Float64Array {
  const width = ys.length + 1
  const begin = isLogX ? firstAbove(all, 1, 0) : 0
  const x = begin === 0 ? all : all.subarray(begin)
  const placeX = (value: number) => (isLogX ? Math.log10(value) : value)
  let gaps = 0
  for (let i = 1; i < x.length; i++) if ((x[i] as number) - (x[i - 1] as number) > gap) gaps++
  const rows = new Float64Array((x.length + gaps) * width)
  let at = 0
  for (let i = 0; i < x.length; i++) {
    if (i > 0 && (x[i] as number) - (x[i - 1] as number) > gap) {
      rows.fill(Number.NaN, at, at + width)
      rows[at] = placeX(x[i - 1] as number)
      at += width
    }
    rows[at] = placeX(x[i] as number)
    for (let k = 0; k < ys.length; k++) {
      const value = (ys[k] as Float64Array)[begin + i] as number
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
