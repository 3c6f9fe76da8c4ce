import { BLOCK_FLAGS } from '../../../core/blocks/flags.ts'
import { levelFor } from '../../../core/blocks/plan-levels.ts'
import { EXACT_POINTS_PER_PX, nonFiniteWord } from '../../../core/metrics/downsample.ts'
import {
  alignGrid,
  baseOf,
  bucketOf,
  type Grid,
  type GridBuckets,
  GridLine,
  gridOf,
  type NarrowBuckets,
  regularWidth,
  spacingOf,
} from '../../../core/metrics/grid.ts'
import { groupLines } from '../../../core/metrics/group-lines.ts'
import { isTelemetryKey } from '../../../core/metrics/metric-key.ts'
import { isRough, smoothLine } from '../../../core/metrics/smooth-line.ts'
import { arrange, type Reach, type XPlaces } from '../../../core/metrics/x-axis.ts'
import type { ChartGroup, ChartLine } from '../../../protocol/chart-body.ts'
import type { WorkspaceKeys } from '../key-dictionary.ts'
import type { ChartedRun, DrawnChart, SeriesRequest } from '../store.ts'
import { Breath } from './breath.ts'
import { defaultSegments, type RunSnapshot, type Segment, scanHead, supersededSegments } from './line-source.ts'
import {
  type LineQuestion,
  type Piece,
  type PlannedLine,
  type PointBounds,
  planLine,
  type ReadLine,
} from './read-line.ts'
import type { OpenRuns, StoredPoints } from './stored-points.ts'
import {
  axisKeyOf,
  axisPlaces,
  axisSegments,
  makePlaces,
  type PlacedRun,
  planAxis,
  type RunPlaces,
} from './x-places.ts'

const NON_FINITE_LISTED_MAX = 1_000
const HAIR = 2 ** -40

/** The lines of a chart, by run and metric in the order asked for; metrics that a run does not have are left out. */
export async function drawChart(
  request: SeriesRequest,
  stored: StoredPoints,
  keys: WorkspaceKeys,
): Promise<DrawnChart> {
  const names = [...new Set(request.metrics)].filter((name) => keys.ids.has(name))
  const axisNames = request.runs.flatMap((run) => axisKeyOf(request, run) ?? [])
  const ids = [...new Set([...names, ...axisNames])].flatMap((name) => keys.ids.get(name) ?? [])
  const runIds = request.runs.map((run) => run.id)
  return stored.read(runIds, ids, async (runs) => {
    const breath = new Breath()
    const lines: Line[] = []
    const placed: PlacedRun[] = []
    for (const run of request.runs) {
      if (breath.isDue) await breath.take()
      const snapshot = runs.snapshots.get(run.id)
      if (snapshot) placed.push(openRun({ request, run, snapshot, names, keys, runs, lines }))
    }
    const rule = levelRule(request)
    const fetch = (planned: readonly PlannedLine[]) => stored.fetch(planned)
    const places = await makePlaces(request, placed, fetch, axisLevelRule(request))
    const placesOf = new Map(placed.map(({ run }, i) => [run.id, places[i] as RunPlaces]))
    const planned = lines.map((line) => planDrawn(request, line, placesOf.get(line.run.id) as RunPlaces, rule))
    const read = await stored.fetch(planned)
    await joinExactly(request, { lines, planned, placed, placesOf }, read, fetch)
    const drawn: PlacedLine[] = []
    for (const [i, line] of lines.entries()) {
      if (breath.isDue) await breath.take()
      // Superseded lines without a point are none.
      if (line.attempt === null || (read[i] as ReadLine).nTotal > 0)
        drawn.push(placeLine(request, line, planned[i] as PlannedLine, read[i] as ReadLine, placesOf))
    }
    return drawLines(request, drawn, breath)
  })
}

/** One line to be drawn. */
interface Line {
  run: ChartedRun
  snapshot: RunSnapshot
  metric: string
  metricId: number
  /** The attempt of which superseded points are shown; null: the default view. */
  attempt: number | null
  segments: readonly Segment[]
  /** Exact places of this line, where its axis was read again for it. */
  ownPlaces: XPlaces | null
}

interface Opening {
  request: SeriesRequest
  run: ChartedRun
  snapshot: RunSnapshot
  names: readonly string[]
  keys: WorkspaceKeys
  runs: OpenRuns
  /** Takes the run's lines. */
  lines: Line[]
}

function openRun({ request, run, snapshot, names, keys, runs, lines }: Opening): PlacedRun {
  const axisKey = axisKeyOf(request, run)
  const idOf = (name: string) => keys.ids.get(name) as number
  const wanted = new Set(names.map(idOf))
  const axisId = axisKey === null ? undefined : keys.ids.get(axisKey)
  if (axisId !== undefined) wanted.add(axisId)
  const head = scanHead(snapshot.rows, wanted)
  const headOf = (id: number) => head.get(id) ?? new Map()
  const segments = new Map<string, Segment[]>()
  const base = { run, snapshot, ownPlaces: null }
  for (const name of names) {
    const id = idOf(name)
    const sealed = runs.sealedOf(run.id, id)
    if (sealed.length === 0 && !head.has(id)) continue
    const shown = defaultSegments(snapshot, isTelemetryKey(name), sealed, headOf(id))
    segments.set(name, shown)
    lines.push({ ...base, metric: name, metricId: id, attempt: null, segments: shown })
  }
  if (request.superseded) {
    const hidden = [...segments.keys()].flatMap((name) => {
      if (isTelemetryKey(name)) return []
      const id = idOf(name)
      return supersededSegments(snapshot, runs.sealedOf(run.id, id), headOf(id)).map((segment) => ({
        name,
        id,
        segment,
      }))
    })
    for (const { name, id, segment } of hidden.toSorted((a, b) => a.segment.attempt - b.segment.attempt))
      lines.push({ ...base, metric: name, metricId: id, attempt: segment.attempt, segments: [segment] })
  }
  const axis =
    axisId === undefined || axisKey === null
      ? null
      : {
          metricId: axisId,
          segments: axisSegments(snapshot, axisKey, runs.sealedOf(run.id, axisId), headOf(axisId)),
        }
  return { run, snapshot, segments, axis }
}

/** Few points are read one by one, many at the coarsest level that has a bucket for each pixel. */
function levelRule({ px, grid }: SeriesRequest): (pxOfRange: number) => LineQuestion['levelOf'] {
  const pointsMax = EXACT_POINTS_PER_PX * px
  return (pxOfRange) => (range, view) => {
    // A continued line is exact while all of it is: its beginning was sent so.
    const told = grid ? view : range
    if (told.least <= pointsMax && !range.isThinned) return 0
    return levelFor(range.most, pxOfRange)
  }
}

/** An axis is wanted as fine as the lines over it. */
const axisLevelRule =
  ({ px }: SeriesRequest): LineQuestion['levelOf'] =>
  (range: PointBounds) =>
    range.most <= EXACT_POINTS_PER_PX * px ? 0 : levelFor(range.most, px)

function planDrawn(
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

/** Points join their axis at their very steps: where that was read by buckets, its points are read for the lines that are exact. */
async function joinExactly(
  { px }: SeriesRequest,
  {
    lines,
    planned,
    placed,
    placesOf,
  }: { lines: Line[]; planned: PlannedLine[]; placed: PlacedRun[]; placesOf: Map<number, RunPlaces> },
  read: readonly ReadLine[],
  fetch: (planned: readonly PlannedLine[]) => Promise<ReadLine[]>,
): Promise<void> {
  const runs = new Map(placed.map((run) => [run.run.id, run]))
  const asked: { line: Line; axis: PlannedLine }[] = []
  for (const [i, line] of lines.entries()) {
    const { axisSegments: coarse } = placesOf.get(line.run.id) as RunPlaces
    const axis = runs.get(line.run.id)?.axis
    if (!coarse || !axis || planned[i]?.level !== 0) continue
    const steps = (read[i] as ReadLine).pieces.flatMap((piece) => [piece.steps[0] ?? 0, piece.steps.at(-1) ?? 0])
    if (steps.length === 0 || countPoints(read[i] as ReadLine) > EXACT_POINTS_PER_PX * px + 2 * 4096) continue
    const reach: Reach = { by: 'step', spans: [{ from: Math.min(...steps), to: Math.max(...steps) }] }
    asked.push({ line, axis: planAxis(line.snapshot, axis, reach, () => 0) })
  }
  const axes = await fetch(asked.map(({ axis }) => axis))
  for (const [i, { line }] of asked.entries())
    line.ownPlaces = axisPlaces(axes[i] as ReadLine, line.snapshot, line.run.lineage?.tokensOffset ?? 0)
}

const countPoints = ({ pieces }: ReadLine): number => pieces.reduce((n, piece) => n + piece.steps.length, 0)

/** A line with its place on the axis. */
interface PlacedLine {
  line: Line
  isThinned: boolean
  read: ReadLine
  /** Every point of the range, ascending by x; null where that is too many, or buckets are among it. */
  exact: { x: Float64Array; y: Float64Array } | null
  pieces: { x: Float64Array; piece: Piece }[]
  from: number
  to: number
}

function placeLine(
  request: SeriesRequest,
  line: Line,
  plan: PlannedLine,
  read: ReadLine,
  placesOf: ReadonlyMap<number, RunPlaces>,
): PlacedLine {
  const run = placesOf.get(line.run.id) as RunPlaces
  const places = line.ownPlaces ?? (isTelemetryKey(line.metric) ? run.telemetry : run.places)
  const isPoints = plan.level === 0 && read.pieces.every((piece) => piece.kind === 'points')
  if (isPoints) {
    const exact = exactly(request, places, read.pieces, line)
    const told = request.grid ? read.nTotal : exact.x.length
    if (told <= EXACT_POINTS_PER_PX * request.px)
      return { line, isThinned: false, read, exact, pieces: [], ...extentOf([exact.x]) }
  }
  const pieces = read.pieces.map((piece) => ({
    piece,
    x: places.place(piece.steps, piece.times ?? NO_TIMES, attemptFor(line, piece), 'lastKnown'),
  }))
  return {
    line,
    isThinned: plan.range.isThinned,
    read,
    exact: null,
    pieces,
    ...extentOf(
      pieces.map(({ x }) => x),
      request,
    ),
  }
}

const NO_TIMES = new Float64Array(0)

/** In the default view an attempt's points are placed as its own; superseded ones as what their attempt would have been. */
const attemptFor = (line: Line, piece: Piece): number | null => line.attempt ?? piece.attempt

function exactly({ from, to }: SeriesRequest, places: XPlaces, pieces: readonly Piece[], line: Line) {
  const n = pieces.reduce((sum, piece) => sum + piece.steps.length, 0)
  const x = new Float64Array(n)
  const y = new Float64Array(n)
  let at = 0
  for (const piece of pieces) {
    if (piece.kind !== 'points') continue
    x.set(places.place(piece.steps, piece.times ?? NO_TIMES, attemptFor(line, piece), 'exact'), at)
    y.set(piece.values, at)
    at += piece.steps.length
  }
  return arrange(x, { y }, from, to)
}

function extentOf(columns: readonly Float64Array[], { from, to }: Pick<SeriesRequest, 'from' | 'to'> = {}) {
  const low = from ?? Number.NEGATIVE_INFINITY
  const high = to ?? Number.POSITIVE_INFINITY
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (const x of columns)
    for (let i = 0; i < x.length; i++) {
      const at = x[i] as number
      if (!(at >= low && at <= high)) continue
      if (at < least) least = at
      if (at > greatest) greatest = at
    }
  return { from: least, to: greatest }
}

async function drawLines(request: SeriesRequest, lines: readonly PlacedLine[], breath: Breath): Promise<DrawnChart> {
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

/** The grid over all lines: a range that was asked for is covered from end to end. */
function commonGrid({ x, from, to, px, groups }: SeriesRequest, lines: readonly PlacedLine[]): Grid {
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

/** Told once for each column: those of blocks in memory come again with every chart. */
const widths = new WeakMap<Float64Array, { width: number | null }>()

function widthOf(x: Float64Array): number | null {
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

/** What a line has beside its buckets. */
interface Reduced {
  n: number
  nonFinite: ChartLine['non_finite']
  nonFiniteN: number
}

/** What lies in pieces that are all buckets. */
function noteLine({ pieces }: PlacedLine): Reduced {
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
function oneToOne({ exact, pieces }: PlacedLine, grid: Grid): NarrowBuckets | null {
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
function reduce({ from, to }: SeriesRequest, { exact, pieces }: PlacedLine, onGrid: GridLine): Reduced {
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

function notePoints(out: Reduced, x: Float64Array, y: Float32Array | Float64Array): void {
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
