import { SeriesBuilder } from '../../../core/metrics/series.ts'
import { invariant } from '../../errors.ts'
import { lowerBound, type Segment, scanHead, wholeSegment } from '../read/line-source.ts'
import { type Piece, planLine } from '../read/read-line.ts'
import type { OpenRuns, StoredPoints } from '../read/stored-points.ts'
import type { RawPoints, RawRequest } from '../store.ts'

/** Sealed blocks that are read at once: some 65,000 points, 1.5 MB. */
const BLOCKS_PER_READ = 16

/**
 * Raw points of one series and attempt, whatever the view shows of them, in pieces. Each stretch of blocks is read as of its own moment;
 * points that were thinned out are left out.
 */
export async function* readRawPoints(
  stored: StoredPoints,
  runId: number,
  metricId: number,
  { attempt, from: first = 0, to: last = Number.MAX_SAFE_INTEGER }: RawRequest,
): AsyncGenerator<RawPoints> {
  for (let from = first; from <= last; ) {
    const { pieces, until } = await stored.read([runId], [metricId], (runs) =>
      readStretch(stored, runs, { runId, metricId, attempt, from, last }),
    )
    yield* inOrder(pieces, attempt)
    from = until + 1
  }
}

interface Stretch {
  runId: number
  metricId: number
  attempt: number
  from: number
  last: number
}

async function readStretch(stored: StoredPoints, runs: OpenRuns, { runId, metricId, attempt, from, last }: Stretch) {
  const run = runs.snapshots.get(runId)
  if (!run) return { pieces: [], until: last }
  const head = scanHead(run.rows, new Set([metricId])).get(metricId) ?? new Map()
  const segment = wholeSegment(attempt, runs.sealedOf(runId, metricId), head)
  const until = Math.min(last, endOfStretch(segment, from))
  const line = planLine({
    run,
    metricId,
    segments: [segment],
    reach: { by: 'step', spans: [{ from, to: until }] },
    wantsTimes: true,
    levelOf: () => 0,
  })
  const [read] = await stored.fetch([line])
  return { pieces: read?.pieces ?? [], until }
}

/** The last step of so many blocks from here on; +Infinity when there are no more. */
function endOfStretch({ sealed }: Segment, from: number): number {
  if (!sealed) return Number.POSITIVE_INFINITY
  const { step1 } = sealed.index
  const end = lowerBound(step1, from) + BLOCKS_PER_READ - 1
  return end >= step1.length - 1 ? Number.POSITIVE_INFINITY : (step1[end] as number)
}

type Points = Extract<Piece, { kind: 'points' }>

/** Pieces are apart, but what lay over older points comes last. */
function* inOrder(pieces: readonly Piece[], attempt: number): Generator<RawPoints> {
  const points = pieces.filter((piece): piece is Points => piece.kind === 'points' && piece.steps.length > 0)
  const isAscending = points.every(({ steps }, i) => i === 0 || (points[i - 1]?.steps.at(-1) ?? 0) < (steps[0] ?? 0))
  if (isAscending) {
    for (const { steps, times, values } of points) yield { attempt, steps, times: told(times), values }
    return
  }
  const builder = new SeriesBuilder()
  for (const { steps, times, values } of points) builder.push(steps, times, 0, values, 0, Number.POSITIVE_INFINITY)
  yield { attempt, ...builder.series() }
}

function told(times: Float64Array | null): Float64Array {
  invariant(times, 'points that were read with their wall times have them')
  return times
}
