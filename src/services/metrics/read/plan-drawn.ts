/** How finely the points of a line are read. */
import { levelFor } from '../../../core/blocks/plan-levels.ts'
import { EXACT_POINTS_PER_PX } from '../../../core/metrics/downsample.ts'
import { bucketOf } from '../../../core/metrics/grid.ts'
import { isTelemetryKey } from '../../../core/metrics/metric-key.ts'
import type { Reach } from '../../../core/metrics/x-axis.ts'
import type { SeriesRequest } from '../store.ts'
import type { Segment } from './line-source.ts'
import type { Line } from './open-lines.ts'
import { type LineQuestion, type PlannedLine, type PointBounds, planLine } from './read-line.ts'
import type { RunPlaces } from './x-places.ts'

/** Few points are read one by one, many at the coarsest level that has a bucket for each pixel. */
export function levelRule({ px, grid }: SeriesRequest): (pxOfRange: number) => LineQuestion['levelOf'] {
  const pointsMax = EXACT_POINTS_PER_PX * px
  return (pxOfRange) => (range, view) => {
    // A continued line is exact while all of it is: its beginning was sent so.
    const told = grid ? view : range
    if (told.least <= pointsMax && !range.isThinned) return 0
    return levelFor(range.most, pxOfRange)
  }
}

/** An axis is wanted as fine as the lines over it. */
export const axisLevelRule =
  ({ px }: SeriesRequest): LineQuestion['levelOf'] =>
  (range: PointBounds) =>
    range.most <= EXACT_POINTS_PER_PX * px ? 0 : levelFor(range.most, px)

/** What is read of a line: the range asked for, as finely as its pixels tell. */
export function planDrawn(
  { x, from, to, px, grid }: SeriesRequest,
  line: Line,
  places: RunPlaces,
  rule: ReturnType<typeof levelRule>,
): PlannedLine {
  const isOpen = from === undefined && to === undefined
  const first = from ?? Number.NEGATIVE_INFINITY
  const last = to ?? Number.POSITIVE_INFINITY
  const isTelemetry = isTelemetryKey(line.metric)
  const reach: Reach | null = isOpen
    ? null
    : isTelemetry
      ? places.telemetry.reach(first, last)
      : places.reach(first, last)
  let pxOfRange = px
  if (grid && x === 'step') {
    const end = Math.min(last, Math.max(...line.segments.map(endOf)))
    const buckets = bucketOf(grid, end) - bucketOf(grid, Math.max(first, grid.x0)) + 1
    // A grid that was made up may have no number of them.
    pxOfRange = buckets >= 1 ? Math.min(px, buckets) : 1
  }
  return planLine({
    run: line.snapshot,
    metricId: line.metricId,
    segments: line.segments,
    reach,
    wantsTimes: places.wantsTimes,
    levelOf: rule(pxOfRange),
  })
}

const endOf = ({ sealed, head }: Segment): number => Math.max(sealed?.step1 ?? 0, head.steps.at(-1) ?? 0)
