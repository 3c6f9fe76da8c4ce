import { alignGrid, type Grid, gridOf, regularWidth, spacingOf } from '../../../core/metrics/grid.ts'
import type { SeriesRequest } from '../store.ts'
import type { PlacedLine } from './place-line.ts'

const HAIR = 2 ** -40

/** The grid over all lines: a range that was asked for is covered from end to end. */
export function commonGrid({ x, from, to, px, groups }: SeriesRequest, lines: readonly PlacedLine[]): Grid {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  let spacing = 0
  for (const line of lines) {
    low = Math.min(low, line.from)
    high = Math.max(high, line.to)
    // The last bucket begins before the last point.
    if (x === 'step' && !line.exact && line.read.lastStep !== null) high = Math.max(high, line.read.lastStep)
    if (groups && line.exact) spacing = Math.max(spacing, spacingOf(line.exact.x))
  }
  const first = from ?? (low <= high ? low : 0)
  const last = to ?? (low <= high ? Math.max(first, high) : first)
  const grid = gridOf(first, last, px, spacing)
  const widest = x === 'step' && !groups ? widestBuckets(lines) : null
  if (widest) return alignGrid(grid, widest.origin, widest.width)
  // By a hair wider, so that the last point does not have a bucket of its own behind all others.
  return { x0: grid.x0, dx: grid.dx * (1 + HAIR) }
}

/** Widths, told once for each column: those of blocks in memory come again with every chart. */
const widths = new WeakMap<Float64Array, { width: number | null }>()

/** The width of buckets that are regular; null where they are not. */
export function widthOf(x: Float64Array): number | null {
  let known = widths.get(x)
  if (!known) {
    known = { width: regularWidth(x) }
    widths.set(x, known)
  }
  return known.width
}

/** The widest buckets that these lines have, where they are regular: others begin and end with them. */
function widestBuckets(lines: readonly PlacedLine[]): { origin: number; width: number } | null {
  let widest: { origin: number; width: number } | null = null
  for (const { pieces } of lines)
    for (const { x, piece } of pieces) {
      if (piece.kind === 'points') continue
      const width = widthOf(x)
      if (width !== null && width > (widest?.width ?? 0)) widest = { origin: x[0] as number, width }
    }
  return widest
}
