/** Which points of a line are joined, and where it breaks: rows of x and values in axis units. */
import { spacingOf } from '#src/core/metrics/grid.ts'
import type { ChartData } from '#src/protocol/chart-body.ts'
import type { Decoded, Rows } from './prepared-chart.ts'

/** A missing bucket is a gap; two in a row may be rounding. */
const GAP_BUCKETS = 2.5

/** What rows are made for: logarithms, and whether bands and raw lines are drawn. */
export interface RowForm {
  isLog: boolean
  isLogX: boolean
  isFew: boolean
}

/** What is drawn of a line, whole. */
export function rowsOf(line: Decoded, { isLog, isLogX, isFew }: RowForm, { grid, px }: ChartData): Rows {
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

/** The first row whose x is at or above a place; x is the first of `width` numbers and ascends. */
export function firstFrom(rows: Float64Array, width: number, place: number): number {
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
export function firstAbove(rows: Float64Array, width: number, place: number): number {
  let low = firstFrom(rows, width, place)
  while (low < rows.length / width && rows[low * width] === place) low++
  return low
}
