import type { NumberColumn } from './column.ts'
import { HISTOGRAM_BINS_MAX } from './panel-content.ts'

export interface Histogram {
  /** Ascending, one more than bins, in the units of the values. A bin holds its lower edge; the last one its upper too. */
  edges: number[]
  /** By group, then by bin. */
  counts: number[][]
  /** Values that have a bin. */
  n: number
  /** Values at or below 0, which have no place on a log scale. */
  leftOutOfLog: number
}

/**
 * How often values fall where. Without a number of bins there are as many as the finer of two rules asks for, Freedman and Diaconis (1981:
 * 2·IQR·n^(−1/3) wide) and Sturges (1926: 1 + log2 n bins), their width taken to 1, 2 or 5 times a power of ten; whole numbers that are
 * near each other have a bin each.
 *
 * @param groups the group of each value, parallel to the column: from 0 on, null in none of them; absent: all are one
 * @param bins equal widths from the least to the greatest value
 */
export function histogram(
  { values }: NumberColumn,
  options: { bins: number | null; log: boolean; groups?: { of: readonly (number | null)[]; count: number } },
): Histogram {
  const { log, groups } = options
  const placed: { value: number; group: number }[] = []
  let leftOutOfLog = 0
  values.forEach((value, i) => {
    const group = groups ? groups.of[i] : 0
    if (value === null || group === null || group === undefined) return
    if (log && value <= 0) leftOutOfLog++
    else placed.push({ value: log ? Math.log10(value) : value, group })
  })
  const numbers = placed.map(({ value }) => value).sort((a, b) => a - b)
  const edges = options.bins === null ? niceEdges(numbers, log) : evenEdges(numbers, options.bins)
  const bins = Math.max(0, edges.length - 1)
  const counts = Array.from({ length: groups?.count ?? 1 }, () => new Array<number>(bins).fill(0))
  for (const { value, group } of placed) {
    const [row, bin] = [counts[group], binOf(edges, value)]
    if (row) row[bin] = (row[bin] ?? 0) + 1
  }
  return { edges: log ? edges.map((edge) => 10 ** edge) : edges, counts, n: placed.length, leftOutOfLog }
}

function niceEdges(sorted: readonly number[], log: boolean): number[] {
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return []
  if (first === last) return around(first)
  const isWhole = !log && sorted.every(Number.isInteger)
  const iqr = quantile(sorted, 0.75) - quantile(sorted, 0.25)
  const wide = (2 * iqr) / Math.cbrt(sorted.length)
  const sturges = (last - first) / (1 + Math.log2(sorted.length))
  const rough = Math.max(wide > 0 ? Math.min(wide, sturges) : sturges, (last - first) / NICE_BINS_MAX)
  const step = isWhole ? (last - first <= WHOLE_BINS_MAX ? 1 : Math.max(1, niceStep(rough))) : niceStep(rough)
  if (isWhole && step === 1) return range(first - 0.5, Math.round(last - first) + 1, 1)
  // Numbers so small, or so near each other, that no step of a power of ten parts them.
  if (!(step > 0 && Number.isFinite(first / step) && Math.abs(last / step) < 2 ** 50)) return evenEdges(sorted, 1)
  const from = Math.floor(first / step + 1e-9)
  const to = Math.max(from + 1, Math.ceil(last / step - 1e-9))
  const edges = range(from, to - from, 1).map((k) => Number((k * step).toPrecision(12)))
  // Rounding may leave an end just outside of its edge.
  edges[0] = Math.min(edges[0] as number, first)
  edges[edges.length - 1] = Math.max(edges.at(-1) as number, last)
  return edges
}

const NICE_BINS_MAX = 60
/** Whole numbers no further apart have a bin each. */
const WHOLE_BINS_MAX = 24

function evenEdges(sorted: readonly number[], bins: number): number[] {
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return []
  if (first === last) return around(first)
  const count = Math.max(1, Math.min(HISTOGRAM_BINS_MAX, Math.floor(bins)))
  const edges = Array.from({ length: count + 1 }, (_, i) => first + ((last - first) * i) / count)
  edges[count] = last
  return edges
}

function around(value: number): number[] {
  const half = value === 0 ? 0.5 : Math.abs(value) * 0.05
  return [value - half, value + half]
}

const range = (from: number, count: number, step: number): number[] =>
  Array.from({ length: count + 1 }, (_, i) => from + i * step)

/** The nearest of 1, 2 and 5 times a power of ten. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const share = rough / power
  return (share < 1.41 ? 1 : share < 3.16 ? 2 : share < 7.07 ? 5 : 10) * power
}

function binOf(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length - 2]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (value >= (edges[middle] as number)) low = middle
    else high = middle - 1
  }
  return low
}

/** Of sorted numbers, at least one; between two of them in proportion (type 7 of Hyndman and Fan, 1996). */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const below = Math.floor(at)
  const low = sorted[below] ?? Number.NaN
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN
  return low + (high - low) * (at - below)
}
