/**
 * Runs drawn as one line. In each bucket of the grid a run counts once, with its mean there, however many points it logged. A run
 * without a value in a bucket does not count in it: nothing is filled in between two buckets, and `nRuns` says how many spoke.
 */
import { t95 } from '../evaluations/distributions.ts'
import type { GROUP_BANDS, GROUP_CENTERS } from './chart-choices.ts'
import type { GridBuckets } from './grid.ts'

export type GroupCenter = (typeof GROUP_CENTERS)[number]
export type GroupBand = (typeof GROUP_BANDS)[number]

/** One run of a group on the chart's grid. */
export interface GroupMember {
  run: number
  /** Of an attempt that a later one replaced: it takes no part. */
  superseded: boolean
  buckets: GridBuckets
}

/** Parallel arrays, ascending, one entry per bucket in which at least one run has a value. */
export interface GroupedLine {
  /** Numbers of the runs that take part, ascending. */
  runs: number[]
  index: Float64Array
  /** The least x of a run in the bucket. */
  x: Float64Array
  center: Float64Array
  /** Null without a band; NaN where the band is not defined. */
  low: Float64Array | null
  high: Float64Array | null
  nRuns: Uint16Array
}

/**
 * The line of a group. With y₁ … yₙ the runs' means in a bucket:
 *
 * - mean: Σ yᵢ / n; median: the middle of the sorted yᵢ, of an even number the mean of the two in the middle
 * - min_max: the least and the greatest point of any run in the bucket, so that a spike of one step stays
 * - sd: mean ± s with s = √(Σ (yᵢ − mean)² / (n − 1)); se: mean ± s / √n; ci95: mean ± t₀.₉₇₅,ₙ₋₁ · s / √n, Student's interval of a
 *   mean (Student, "The probable error of a mean", Biometrika 6, 1908). They describe the mean also where the median is drawn, and
 *   are not defined (NaN) for a single run
 *
 * The interval is one per bucket, not for the curve as a whole.
 */
export function groupLines(members: readonly GroupMember[], center: GroupCenter, band: GroupBand): GroupedLine {
  const lines = members.filter((member) => !member.superseded).map(({ buckets }) => ({ buckets, at: 0 }))
  const runs = [...new Set(members.flatMap((m) => (m.superseded ? [] : [m.run])))].sort((a, b) => a - b)
  const index = bucketsOf(lines.map(({ buckets }) => buckets.index))
  const n = index.length
  const out: GroupedLine = {
    runs,
    index,
    x: new Float64Array(n),
    center: new Float64Array(n),
    low: band === 'none' ? null : new Float64Array(n),
    high: band === 'none' ? null : new Float64Array(n),
    nRuns: new Uint16Array(n),
  }
  const values = new Float64Array(lines.length)
  for (let i = 0; i < n; i++) {
    let [x, least, greatest] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    let count = 0
    for (const line of lines) {
      const { buckets, at } = line
      if (buckets.index[at] !== index[i]) continue
      line.at++
      values[count++] = buckets.y[at] as number
      x = Math.min(x, buckets.x[at] as number)
      least = Math.min(least, buckets.min[at] as number)
      greatest = Math.max(greatest, buckets.max[at] as number)
    }
    const present = values.subarray(0, count)
    const mean = meanOf(present)
    out.x[i] = x
    out.nRuns[i] = count
    out.center[i] = center === 'mean' ? mean : medianOf(present)
    if (!out.low || !out.high) continue
    const half = band === 'min_max' ? 0 : halfWidth(present, mean, band)
    out.low[i] = band === 'min_max' ? least : mean - half
    out.high[i] = band === 'min_max' ? greatest : mean + half
  }
  return out
}

/** The buckets in which at least one line has a value, ascending. */
function bucketsOf(lines: readonly Float64Array[]): Float64Array {
  const found = new Set<number>()
  for (const line of lines) for (const bucket of line) found.add(bucket)
  return Float64Array.from(found).sort()
}

function meanOf(values: Float64Array): number {
  // Differences from the first value keep the digits of values that lie far from 0.
  const first = values[0] as number
  let sum = 0
  for (const value of values) sum += value - first
  return first + sum / values.length
}

function medianOf(values: Float64Array): number {
  const sorted = values.toSorted()
  const middle = sorted.length >> 1
  const high = sorted[middle] as number
  return sorted.length % 2 === 1 ? high : (sorted[middle - 1] as number) / 2 + high / 2
}

function halfWidth(values: Float64Array, mean: number, band: 'none' | 'sd' | 'se' | 'ci95'): number {
  const n = values.length
  if (n < 2) return Number.NaN
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  const sd = Math.sqrt(squares / (n - 1))
  return band === 'sd' ? sd : (sd / Math.sqrt(n)) * (band === 'ci95' ? t95(n - 1) : 1)
}
