import { baseOf, type Grid, type GridBuckets, GridLine, type NarrowBuckets } from '../../../core/metrics/grid.ts'
import { groupLines } from '../../../core/metrics/group-lines.ts'
import { isRough, smoothLine } from '../../../core/metrics/smooth-line.ts'
import type { ChartGroup, ChartLine } from '../../../protocol/chart-body.ts'
import type { DrawnChart, SeriesRequest } from '../store.ts'
import type { Breath } from './breath.ts'
import { commonGrid } from './chart-grid.ts'
import type { Line } from './open-lines.ts'
import type { PlacedLine } from './place-line.ts'
import { noteLine, notePoints, oneToOne, type Reduced, reduce } from './reduce-line.ts'

/** Lines as they are sent: exact or in buckets, smoothed, and put together in groups where those are asked for. */
export async function drawLines(
  request: SeriesRequest,
  lines: readonly PlacedLine[],
  breath: Breath,
): Promise<DrawnChart> {
  const needsGrid = request.grid !== undefined || request.groups !== undefined || lines.some((line) => !line.exact)
  const grid = request.grid ?? commonGrid(request, lines)
  const onGrid = new GridLine(grid)
  const needsSums = request.groups || request.smooth || request.from !== undefined || request.to !== undefined
  const series: ChartLine[] = []
  const members: { line: Line; buckets: GridBuckets }[] = []
  for (const placed of lines) {
    if (breath.isDue) await breath.take()
    const ready = needsSums ? null : oneToOne(placed, grid)
    if (ready) {
      series.push(drawBuckets(placed, noteLine(placed), ready))
      continue
    }
    const reduced = placed.exact && !request.groups ? null : reduce(request, placed, onGrid)
    if (reduced && request.groups && placed.line.attempt === null)
      members.push({ line: placed.line, buckets: onGrid.buckets() })
    if (placed.exact) series.push(drawExact(request, placed, placed.exact, grid))
    else if (reduced) series.push(drawReduced(request, placed, reduced, onGrid))
  }
  return { series, groups: drawGroups(request, members), grid: needsGrid ? grid : null }
}

const identity = ({ line, read }: PlacedLine) => ({
  run: line.run.number,
  run_uid: line.run.uid,
  metric: line.metric,
  attempt: line.attempt,
  superseded: line.attempt !== null,
  n_total: read.nTotal,
  last_step: read.lastStep,
  last_t: read.lastTime,
})

function drawExact(
  { smooth }: SeriesRequest,
  placed: PlacedLine,
  { x, y }: { x: Float64Array; y: Float64Array },
  grid: Grid,
): ChartLine {
  const found = { n: 0, nonFinite: [] as ChartLine['non_finite'], nonFiniteN: 0 }
  notePoints(found, x, y)
  const isSmoothed = smooth && placed.line.attempt === null && isRough(y)
  return {
    ...identity(placed),
    exact: true,
    n: x.length,
    shown: x.length,
    x,
    y,
    ...(isSmoothed && { smoothed: smoothLine(x, y, smooth, grid.dx) }),
    base: 0,
    non_finite: found.nonFinite,
    non_finite_n: found.nonFiniteN,
  }
}

function drawReduced({ smooth }: SeriesRequest, placed: PlacedLine, reduced: Reduced, onGrid: GridLine): ChartLine {
  const buckets = onGrid.narrow()
  return {
    ...drawBuckets(placed, reduced, buckets),
    ...(smooth && placed.line.attempt === null && smoothed(smooth, onGrid, buckets.base)),
  }
}

function drawBuckets(placed: PlacedLine, reduced: Reduced, { x, y, min, max, base }: NarrowBuckets): ChartLine {
  return {
    ...identity(placed),
    exact: false,
    n: reduced.n,
    shown: x.length,
    x,
    y,
    min,
    max,
    base,
    non_finite: reduced.nonFinite,
    non_finite_n: reduced.nonFiniteN,
    ...(placed.isThinned && { thinned: true as const }),
  }
}

function smoothed(smooth: NonNullable<SeriesRequest['smooth']>, onGrid: GridLine, base: number) {
  const { x, y } = onGrid.buckets()
  return isRough(y) ? { smoothed: narrow(smoothLine(x, y, smooth, onGrid.grid.dx), base) } : {}
}

function narrow(values: Float64Array, base: number): Float32Array {
  const out = new Float32Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = (values[i] as number) - base
  return out
}

function drawGroups(
  { metrics, groups }: SeriesRequest,
  members: readonly { line: Line; buckets: GridBuckets }[],
): ChartGroup[] {
  if (!groups) return []
  const drawn: ChartGroup[] = []
  for (const { group, runIds } of groups.list)
    for (const metric of new Set(metrics)) {
      const inGroup = new Set(runIds)
      const mine = members.filter(({ line }) => line.metric === metric && inGroup.has(line.run.id))
      if (mine.length === 0) continue
      const line = groupLines(
        mine.map(({ line: { run }, buckets }) => ({ run: run.number, superseded: false, buckets })),
        groups.center,
        groups.band,
      )
      const base = baseOf({ min: line.low ?? line.center, max: line.high ?? line.center })
      drawn.push({
        group,
        runs: line.runs,
        metric,
        shown: line.x.length,
        x: line.x,
        center: narrow(line.center, base),
        ...(line.low && line.high && { low: narrow(line.low, base), high: narrow(line.high, base) }),
        base,
        n_runs: line.nRuns,
      })
    }
  return drawn
}
