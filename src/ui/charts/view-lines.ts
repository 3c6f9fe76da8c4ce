/** What of shaped lines is in view: how far the axes reach, what is cut out, and what had to be left out. */
import { isTimeAxis, isWholeAxis } from './axis-words.ts'
import { firstAbove, firstFrom } from './join-rows.ts'
import type { ChartChoices, Decoded, PreparedChart, Rows, ShapedLines } from './prepared-chart.ts'
import { innerLogScale, innerScale, linearScale, logScale, type Scale, timeScale } from './ticks.ts'

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
    currency: answer.currency ?? null,
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

/** The rows in view and the one before and after: lines leave the picture, they do not end at its edge. */
function inView({ drawn, faint, band }: Rows, view: readonly [number, number]): Rows {
  const cut = (rows: Float64Array, width: number) => {
    const from = Math.max(0, firstFrom(rows, width, view[0]) - 1)
    return rows.subarray(from * width, (firstAbove(rows, width, view[1]) + 1) * width)
  }
  return { drawn: cut(drawn, 2), faint: faint && cut(faint, 2), band: band && cut(band, 3) }
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
