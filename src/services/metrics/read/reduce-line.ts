/** A line in the buckets of the grid, and what no bucket shows: how many points it has, and which are not finite. */
import { BLOCK_FLAGS } from '../../../core/blocks/flags.ts'
import { nonFiniteWord } from '../../../core/metrics/downsample.ts'
import { baseOf, bucketOf, type Grid, type GridLine, type NarrowBuckets } from '../../../core/metrics/grid.ts'
import { arrange } from '../../../core/metrics/x-axis.ts'
import type { ChartLine } from '../../../protocol/chart-body.ts'
import type { SeriesRequest } from '../store.ts'
import { widthOf } from './chart-grid.ts'
import type { PlacedLine } from './place-line.ts'

const NON_FINITE_LISTED_MAX = 1_000

/** What a line has beside its buckets. */
export interface Reduced {
  n: number
  nonFinite: ChartLine['non_finite']
  nonFiniteN: number
}

/** What lies in pieces that are all buckets. */
export function noteLine({ pieces }: PlacedLine): Reduced {
  const out: Reduced = { n: 0, nonFinite: [], nonFiniteN: 0 }
  for (const { x, piece } of pieces)
    if (piece.kind === 'buckets')
      noteBuckets(out, {
        x,
        counts: piece.counts,
        ...(piece.finite && { finite: piece.finite }),
        ...(piece.flags && { flags: piece.flags }),
      })
  return out
}

/** A line whose buckets are those of the grid already, as levels of regular steps mostly are: nothing is to be put together. */
export function oneToOne({ exact, pieces }: PlacedLine, grid: Grid): NarrowBuckets | null {
  if (exact) return null
  let n = 0
  let before = Number.NEGATIVE_INFINITY
  for (const { x, piece } of pieces) {
    if (piece.kind === 'points' || piece.finite || x.length === 0) return null
    const first = x[0] as number
    const width = x.length > 1 ? widthOf(x) : grid.dx
    if (width === null || width < grid.dx || !(bucketOf(grid, first) > before)) return null
    before = bucketOf(grid, x[x.length - 1] as number)
    n += x.length
  }
  const out = { x: new Float64Array(n), y: new Float32Array(n), min: new Float32Array(n), max: new Float32Array(n) }
  let at = 0
  for (const { x, piece } of pieces) {
    if (piece.kind === 'points') continue
    out.x.set(x, at)
    out.y.set(piece.mean, at)
    out.min.set(piece.min, at)
    out.max.set(piece.max, at)
    at += x.length
  }
  // Far from 0 the values are wanted in 64 bits first.
  return baseOf(out) === 0 ? { ...out, base: 0 } : null
}

/** Puts a line on the grid, in the place of the one before it. */
export function reduce({ from, to }: SeriesRequest, { exact, pieces }: PlacedLine, onGrid: GridLine): Reduced {
  onGrid.reset()
  const out: Reduced = { n: 0, nonFinite: [] as ChartLine['non_finite'], nonFiniteN: 0 }
  if (exact) onGrid.addPoints(exact.x, exact.y)
  const isCut = from !== undefined || to !== undefined
  for (const { x, piece } of pieces)
    if (piece.kind === 'points') {
      const points = isCut ? arrange(x, { y: piece.values }, from, to) : { x, y: piece.values }
      onGrid.addPoints(points.x, points.y)
      notePoints(out, points.x, points.y)
    } else {
      const { min, max, mean, counts, finite, flags } = piece
      const columns = { min, max, mean, counts, ...(finite && { finite }), ...(flags && { flags }) }
      const kept: typeof columns & { x: Float64Array } = isCut ? arrange(x, columns, from, to) : { ...columns, x }
      onGrid.addBuckets(kept.x, { ...kept, finite: kept.finite ?? null })
      noteBuckets(out, kept)
    }
  return out
}

/** Counts points, and lists those that are not finite. */
export function notePoints(out: Reduced, x: Float64Array, y: Float32Array | Float64Array): void {
  for (let i = 0; i < y.length; i++) {
    if (Number.isNaN(x[i])) continue
    out.n++
    const value = y[i] as number
    if (value - value !== 0) list(out, x[i] as number, value)
  }
}

function list(out: Reduced, x: number, value: number): void {
  out.nonFiniteN++
  const word = nonFiniteWord(value)
  if (word && out.nonFinite.length < NON_FINITE_LISTED_MAX) out.nonFinite.push({ x, value: word })
}

const FLAGGED = [
  [BLOCK_FLAGS.nan, 'NaN'],
  [BLOCK_FLAGS.infinity, 'Infinity'],
  [BLOCK_FLAGS.minusInfinity, '-Infinity'],
] as const

function noteBuckets(
  out: Reduced,
  { x, counts, finite, flags }: { x: Float64Array; counts: Float64Array; finite?: Float64Array; flags?: Uint8Array },
): void {
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) continue
    out.n += counts[i] as number
    const found = flags?.[i] ?? 0
    if (found === 0) continue
    out.nonFiniteN += (counts[i] as number) - ((finite ?? counts)[i] as number)
    for (const [flag, value] of FLAGGED)
      if ((found & flag) !== 0 && out.nonFinite.length < NON_FINITE_LISTED_MAX)
        out.nonFinite.push({ x: x[i] as number, value })
  }
}
