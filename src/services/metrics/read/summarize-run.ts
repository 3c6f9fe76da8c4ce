import type { Span } from '../../../core/blocks/plan-levels.ts'
import { combineSummaries, type Summary, summarize } from '../../../core/metrics/summary.ts'
import type { SealedSeries } from './block-index.ts'
import { defaultSegments, isLaidOver, type RunSnapshot, type Segment, scanHead } from './line-source.ts'
import { type Piece, planLine, type ReadLine } from './read-line.ts'
import type { OpenRuns, StoredPoints } from './stored-points.ts'

/** Buckets of 512 points: then one block of points has the place of an extreme. */
const LEVEL = 3

/**
 * What the default view of a run says of these metrics; those of which it has nothing are left out. Attempts that are shown whole are
 * told from what their seal noted; of those that the view cuts, or over which newer points lie, the cut blocks and the places of the
 * extremes are read as points and the rest as buckets.
 *
 * @param metrics true for telemetry
 * @param onSnapshot as for `StoredPoints.read`
 */
export function summarizeRun(
  stored: StoredPoints,
  runId: number,
  metrics: ReadonlyMap<number, boolean>,
  onSnapshot: (isCurrent: boolean) => void = () => {},
): Promise<Map<number, Summary>> {
  return stored.read([runId], [...metrics.keys()], (runs) => tell(stored, runs, runId, metrics), onSnapshot)
}

interface CutMetric {
  id: number
  segments: readonly Segment[]
}

async function tell(
  stored: StoredPoints,
  runs: OpenRuns,
  runId: number,
  metrics: ReadonlyMap<number, boolean>,
): Promise<Map<number, Summary>> {
  const told = new Map<number, Summary>()
  const run = runs.snapshots.get(runId)
  if (!run) return told
  const head = scanHead(run.rows, metrics)
  const cut: CutMetric[] = []
  for (const [id, isTelemetry] of metrics) {
    const segments = defaultSegments(run, isTelemetry, runs.sealedOf(runId, id), head.get(id) ?? new Map())
    if (segments.some(isCut)) {
      cut.push({ id, segments })
      continue
    }
    const summary = combineSummaries(
      segments.flatMap(({ sealed, head: fresh }) => [sealed ? noted(sealed) : [], summarize(fresh) ?? []].flat()),
    )
    if (summary) told.set(id, summary)
  }
  if (cut.length > 0) await tellCut(stored, run, cut, told)
  return told
}

/** Does the view show less of what is sealed than all, or something newer than that? */
function isCut(segment: Segment): boolean {
  const { sealed, spans } = segment
  if (isLaidOver(segment)) return true
  return sealed !== null && !spans.some((span) => span.from <= sealed.step0 && span.to >= sealed.step1)
}

const noted = (sealed: SealedSeries): Summary => ({
  n: sealed.n,
  firstStep: sealed.step0,
  firstValue: sealed.firstValue,
  lastStep: sealed.step1,
  lastValue: sealed.lastValue,
  lastTime: sealed.lastTime,
  min: sealed.min,
  minStep: sealed.minStep,
  max: sealed.max,
  maxStep: sealed.maxStep,
})

async function tellCut(
  stored: StoredPoints,
  run: RunSnapshot,
  cut: readonly CutMetric[],
  told: Map<number, Summary>,
): Promise<void> {
  const question = ({ id, segments }: CutMetric) => ({ run, metricId: id, segments, wantsTimes: false })
  const lines = cut.map((metric) =>
    planLine({ ...question(metric), reach: null, withEnds: true, levelOf: () => LEVEL }),
  )
  const read = await stored.fetch(lines)
  const sought: { metric: CutMetric; which: 'min' | 'max'; value: number; span: Span }[] = []
  for (const [i, metric] of cut.entries()) {
    const line = read[i] as ReadLine
    const summary = summaryOf(line)
    if (!summary) continue
    told.set(metric.id, summary)
    for (const which of ['min', 'max'] as const) {
      const value = summary[which]
      const step = summary[`${which}Step`]
      const span = value === null || step === null ? null : bucketAt(line.pieces, which, step)
      if (span) sought.push({ metric, which, value: value as number, span })
    }
  }
  const places = await stored.fetch(
    sought.map(({ metric, span }) =>
      planLine({ ...question(metric), reach: { by: 'step', spans: [span] }, levelOf: () => 0 }),
    ),
  )
  for (const [i, { metric, which, value }] of sought.entries()) {
    const step = firstStepOf((places[i] as ReadLine).pieces, value)
    const summary = told.get(metric.id)
    if (summary && step !== null) summary[`${which}Step`] = step
  }
}

/** Of a line whose ends are points; an extreme in a bucket has the bucket's first step for the time being. */
function summaryOf({ pieces, nTotal }: ReadLine): Summary | null {
  const whole = combineSummaries(
    pieces.flatMap((piece) => (piece.kind === 'points' ? (summarize(timed(piece)) ?? []) : bucketSummary(piece))),
  )
  return whole && { ...whole, n: nTotal }
}

const timed = ({ steps, times, values }: Extract<Piece, { kind: 'points' }>) => ({
  steps,
  times: times ?? new Float64Array(steps.length),
  values: Float64Array.from(values),
})

function bucketSummary({ steps, times, min, max, mean }: Extract<Piece, { kind: 'buckets' }>): Summary {
  const last = steps.length - 1
  const summary: Summary = {
    n: 0,
    firstStep: steps[0] as number,
    firstValue: mean[0] as number,
    lastStep: steps[last] as number,
    lastValue: mean[last] as number,
    lastTime: times?.[last] ?? 0,
    min: null,
    minStep: null,
    max: null,
    maxStep: null,
  }
  for (let i = 0; i <= last; i++) {
    const low = min[i] as number
    const high = max[i] as number
    if (Number.isNaN(low)) continue
    if (summary.min === null || low < summary.min) {
      summary.min = low
      summary.minStep = steps[i] as number
    }
    if (summary.max === null || high > summary.max) {
      summary.max = high
      summary.maxStep = steps[i] as number
    }
  }
  return summary
}

/** The steps of the bucket that begins at `step`; null when a point lies there. */
function bucketAt(pieces: readonly Piece[], which: 'min' | 'max', step: number): Span | null {
  let next = Number.POSITIVE_INFINITY
  let isBucket = false
  for (const piece of pieces)
    for (let i = 0; i < piece.steps.length; i++) {
      const at = piece.steps[i] as number
      if (at === step) isBucket = piece.kind === 'buckets' && !Number.isNaN(piece[which][i])
      else if (at > step && at < next) next = at
    }
  return isBucket ? { from: step, to: next - 1 } : null
}

function firstStepOf(pieces: readonly Piece[], value: number): number | null {
  let first: number | null = null
  for (const piece of pieces) {
    if (piece.kind !== 'points') continue
    for (let i = 0; i < piece.steps.length; i++) {
      const step = piece.steps[i] as number
      // 0 and −0 are one extreme.
      if (piece.values[i] === value && (first === null || step < first)) first = step
    }
  }
  return first
}
