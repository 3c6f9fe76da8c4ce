import { EXACT_POINTS_PER_PX } from '../../../core/metrics/downsample.ts'
import { isTelemetryKey } from '../../../core/metrics/metric-key.ts'
import { arrange, type XPlaces } from '../../../core/metrics/x-axis.ts'
import type { SeriesRequest } from '../store.ts'
import type { Line } from './open-lines.ts'
import type { Piece, PlannedLine, ReadLine } from './read-line.ts'
import type { RunPlaces } from './x-places.ts'

/** A line with its place on the axis. */
export interface PlacedLine {
  line: Line
  isThinned: boolean
  read: ReadLine
  /** Every point of the range, ascending by x; null where that is too many, or buckets are among it. */
  exact: { x: Float64Array; y: Float64Array } | null
  pieces: { x: Float64Array; piece: Piece }[]
  from: number
  to: number
}

/** Puts what was read of a line on the axis: point by point where it is few, else as it was read. */
export function placeLine(
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
