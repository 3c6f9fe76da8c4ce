import type { Level } from '../../../core/blocks/level-block.ts'
import {
  type BlockMarks,
  type BlockRead,
  countMarked,
  keepSteps,
  keepTimes,
  markAll,
  POINTS,
  planLevels,
  SKIPPED,
  type Span,
  takePoints,
  takePointsAt,
  WHOLE,
} from '../../../core/blocks/plan-levels.ts'
import type { Values } from '../../../core/blocks/value-codec.ts'
import { SeriesBuilder } from '../../../core/metrics/series.ts'
import type { Reach } from '../../../core/metrics/x-axis.ts'
import type { DecodedBlock } from './block-cache.ts'
import type { SealedSeries } from './block-index.ts'
import type { WantedBlocks } from './fetch-blocks.ts'
import { inSpans, isLaidOver, lowerBound, type RunSnapshot, type Segment } from './line-source.ts'

/** Points or buckets of a line, ascending by step. Pieces are apart; each has all points of its steps. */
export type Piece =
  | { kind: 'points'; attempt: number | null; steps: Float64Array; times: Float64Array | null; values: Values }
  | ({ kind: 'buckets'; attempt: number | null } & Level)

/** How many points lie in the range: sealed and in memory. The same when that is known before they are read. */
export interface PointBounds {
  least: number
  most: number
  /** Some of them were thinned out: buckets are all that is left of them. */
  isThinned: boolean
}

/** What to read of a line. */
export interface LineQuestion {
  run: RunSnapshot
  metricId: number
  segments: readonly Segment[]
  /** Which steps or times are asked for; null: all. */
  reach: Reach | null
  wantsTimes: boolean
  /** The first and the last block of each attempt are taken as points, for what the ends of a line are. */
  withEnds?: boolean
  /** The level at which whole blocks are read, by what lies in the range and in the whole view; 0: every point. */
  levelOf: (range: PointBounds, view: PointBounds) => number
}

interface PlannedSegment {
  segment: Segment
  /** By level-0 block: which the view shows, and which of these can hold something of the range. Null without sealed points. */
  view: BlockMarks | null
  range: BlockMarks | null
}

export interface PlannedLine {
  question: LineQuestion
  segments: PlannedSegment[]
  /** What is to be fetched; `of` is the segment's place. */
  reads: { of: number; wanted: WantedBlocks }[]
  range: PointBounds
  level: number
}

/** Which blocks answer a question. Blocks that the view cuts are read whatever the range: only they tell how many points there are. */
export function planLine(question: LineQuestion): PlannedLine {
  const { segments, reach } = question
  const inRange: PointBounds = { least: 0, most: 0, isThinned: false }
  const inView: PointBounds = { least: 0, most: 0, isThinned: false }
  const planned = segments.map((segment) => {
    const marked = markSegment(segment, reach, question.withEnds === true)
    addBounds(inRange, segment, marked.range, reach)
    addBounds(inView, segment, marked.view, null)
    return { segment, ...marked }
  })
  const level = question.levelOf(inRange, inView)
  const reads: PlannedLine['reads'] = []
  for (const [of, { segment, view, range }] of planned.entries()) {
    if (!segment.sealed || !view || !range) continue
    for (const read of planLevels(withCensus(view, range), segment.sealed.index, level))
      reads.push({ of, wanted: wantedOf(question, segment.attempt, view, read) })
  }
  return { question, segments: planned, reads, range: inRange, level }
}

function markSegment(
  { sealed, spans, over, zone, attempt }: Segment,
  reach: Reach | null,
  withEnds: boolean,
): { view: BlockMarks | null; range: BlockMarks | null } {
  if (!sealed) return { view: null, range: null }
  const { index } = sealed
  const view = markAll(index)
  keepSteps(view, index, spans)
  if (zone) takePoints(view, index, zone)
  takePointsAt(view, index, over)
  // What the last point says of the whole line, blocks do not say but the very last.
  const last = view.length - 1 - view.toReversed().findIndex((mark) => mark !== SKIPPED)
  if (view[last] === WHOLE && (withEnds || last < view.length - 1)) view[last] = POINTS
  const first = view.findIndex((mark) => mark !== SKIPPED)
  if (withEnds && view[first] === WHOLE) view[first] = POINTS
  if (!reach) return { view, range: view }
  const range = view.slice()
  if (reach.by === 'step') keepSteps(range, index, reach.spans)
  else
    keepTimes(
      range,
      index,
      reach.spans.filter((span) => span.attempt === null || span.attempt === attempt),
    )
  return { view, range }
}

function addBounds(bounds: PointBounds, segment: Segment, marks: BlockMarks | null, reach: Reach | null): void {
  const { sealed, head } = segment
  const inHead = reach?.by === 'step' ? inSpans(head, reach.spans).steps.length : head.steps.length
  bounds.most += inHead
  if (!isLaidOver(segment) && reach?.by !== 'time') bounds.least += inHead
  if (!sealed || !marks) return
  const { least, most } = countMarked(marks, sealed.index)
  bounds.least += least
  bounds.most += most
  const { thinned } = sealed.index
  if (thinned) bounds.isThinned ||= thinned.some((isThinned, b) => isThinned === 1 && marks[b] !== SKIPPED)
}

/** The range's blocks, and those outside it that the view cuts. */
function withCensus(view: BlockMarks, range: BlockMarks): BlockMarks {
  if (view === range) return view
  const marks = range.slice()
  for (let b = 0; b < marks.length; b++) if (view[b] === POINTS) marks[b] = POINTS
  return marks
}

function wantedOf(
  { run, metricId, wantsTimes }: LineQuestion,
  attempt: number,
  view: BlockMarks,
  { level, first, last }: BlockRead,
): WantedBlocks {
  let wants = wantsTimes
  // Merged with newer points, or telling when the last one came.
  for (let b = first; level === 0 && b <= last && !wants; b++) wants = view[b] === POINTS
  return { runId: run.runId, rewrites: run.rewrites, metricId, attempt, level, first, last, wantsTimes: wants }
}

/** A line as read. */
export interface ReadLine {
  /** What lies in the range, and with a range of times perhaps more. */
  pieces: Piece[]
  /** Points of the whole view. */
  nTotal: number
  lastStep: number | null
  lastTime: number | null
}

/** Puts a line together from its blocks, which run in parallel to the plan's reads, and the points in memory. */
export function assembleLine({ question, segments, reads }: PlannedLine, blocks: readonly DecodedBlock[][]): ReadLine {
  const line: ReadLine = { pieces: [], nTotal: 0, lastStep: null, lastTime: null }
  const steps = question.reach?.by === 'step' ? question.reach.spans : null
  // Where points lie over others, all that can meet is put together in the order in which later ones win.
  const merged = segments.some(({ segment }) => isLaidOver(segment)) ? new SeriesBuilder() : null
  const take = (attempt: number | null, points: Points) => {
    const within = steps ? inSpans(points, steps) : points
    if (within.steps.length > 0) line.pieces.push({ kind: 'points', attempt, ...within })
  }
  let at = 0
  for (const [of, { segment, view, range }] of segments.entries()) {
    const { attempt, head, sealed, spans } = segment
    if (sealed && view) {
      line.nTotal += countMarked(view, sealed.index).least
      if (view.at(-1) === WHOLE) noteLast(line, sealed.step1, sealed.lastTime)
    }
    for (; reads[at]?.of === of; at++) {
      const { wanted } = reads[at] as PlannedLine['reads'][number]
      for (const [i, block] of (blocks[at] ?? []).entries()) {
        const no = wanted.first + i
        if (block.kind === 'buckets') {
          takeBuckets(line, segment, block, { isCut: isCutBucket(sealed, view, wanted.level, no), steps })
          continue
        }
        const points = view?.[no] === POINTS ? inSpans(block, spans) : block
        if (view?.[no] !== POINTS) take(attempt, points)
        else if (merged) merged.push(points.steps, points.times, 0, points.values, 0, Number.POSITIVE_INFINITY)
        else {
          line.nTotal += points.steps.length
          noteLastOf(line, points)
          if (range?.[no] !== SKIPPED) take(attempt, points)
        }
      }
    }
    if (merged) merged.push(head.steps, head.times, 0, head.values, 0, Number.POSITIVE_INFINITY)
    else {
      line.nTotal += head.steps.length
      noteLastOf(line, head)
      take(attempt, head)
    }
  }
  if (merged) {
    const points = merged.series()
    line.nTotal += points.steps.length
    noteLastOf(line, points)
    const attempts = new Set(segments.map(({ segment }) => segment.attempt))
    take(attempts.size === 1 ? (segments[0]?.segment.attempt ?? null) : null, points)
  }
  return line
}

interface Points {
  steps: Float64Array
  times: Float64Array | null
  values: Values
}

function noteLastOf(line: ReadLine, { steps, times }: Points): void {
  const last = steps.length - 1
  if (last >= 0) noteLast(line, steps[last] as number, times ? (times[last] as number) : null)
}

function noteLast(line: ReadLine, step: number, time: number | null): void {
  if (line.lastStep !== null && step < line.lastStep) return
  line.lastStep = step
  line.lastTime = time
}

/** A bucket block that stands for thinned points may reach over the ends of view and range; all others lie within. */
const isCutBucket = (sealed: SealedSeries | null, view: BlockMarks | null, level: number, no: number): boolean =>
  level === 1 && sealed?.index.thinned?.[no] === 1 && view !== null

function takeBuckets(
  line: ReadLine,
  { attempt, spans }: Segment,
  block: Level,
  { isCut, steps }: { isCut: boolean; steps: readonly Span[] | null },
): void {
  if (!isCut) {
    line.pieces.push({ kind: 'buckets', attempt, ...block })
    return
  }
  for (const span of spans)
    for (const range of steps ?? [span]) {
      const from = lowerBound(block.steps, Math.max(span.from, range.from))
      const to = lowerBound(block.steps, Math.min(span.to, range.to), true)
      if (from < to) line.pieces.push({ kind: 'buckets', attempt, ...cutBuckets(block, from, to) })
    }
}

/** Buckets `from` … `to`−1. */
export const cutBuckets = (level: Level, from: number, to: number): Level => ({
  steps: level.steps.subarray(from, to),
  times: level.times?.subarray(from, to) ?? null,
  min: level.min.subarray(from, to),
  max: level.max.subarray(from, to),
  mean: level.mean.subarray(from, to),
  counts: level.counts.subarray(from, to),
  finite: level.finite?.subarray(from, to) ?? null,
  flags: level.flags?.subarray(from, to) ?? null,
})
