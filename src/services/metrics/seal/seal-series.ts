import { decodePointBlock, encodePointBlock } from '../../../core/blocks/point-block.ts'
import { joinSeries, mergeSeries, sliceSeries } from '../../../core/metrics/merge-series.ts'
import { EMPTY_SERIES, type Series } from '../../../core/metrics/series.ts'
import type { TransactionSql } from '../../../db/clients.ts'
import { deleteBlocks, type FreedAxis } from '../../../db/queries/metrics/seal/delete-blocks.ts'
import { listHeads, type StoredHead } from '../../../db/queries/metrics/seal/list-heads.ts'
import { loadBlocks, type StoredBlock } from '../../../db/queries/metrics/seal/load-blocks.ts'
import type { SeriesRow } from '../../../db/queries/metrics/series-row.ts'
import type { BlockSink } from './block-sink.ts'
import { findExtremes } from './find-extremes.ts'
import { LevelTree, levelsAbove } from './level-tree.ts'
import type { SealLimits } from './limits.ts'
import { type Extreme, extendSummary, type SeriesSummary, summaryOf } from './series-summary.ts'

/** One metric of one attempt in a seal. */
export interface SeriesTask {
  metricId: number
  attempt: number
  /** What is sealed of it; null when nothing is. */
  known: SeriesRow | null
  /** What the tail has of it. */
  points: Series
}

/** How the points of a tail go into blocks. */
export type SeriesPlan =
  /** Too few for a block: they stay in the tail. */
  | 'carry'
  /** Behind the last block. */
  | 'append'
  /** Behind and together with a short last block. */
  | 'lengthen'
  /** At or below sealed steps: blocks are merged with them. */
  | 'merge'

/** Decides what becomes of a series. `isForced`: the run has ended, so nothing is carried. */
export function planSeries({ known, points }: SeriesTask, isForced: boolean, { levelledMin }: SealLimits): SeriesPlan {
  if (known && (points.steps[0] as number) <= known.step1) return 'merge'
  if (!isForced && points.steps.length < levelledMin) return 'carry'
  return known && known.levelled < known.blocks ? 'lengthen' : 'append'
}

/** Cuts points into blocks, with the levels above and the summary. */
export class SeriesWriter {
  readonly task: SeriesTask
  readonly tree: LevelTree
  readonly #sink: BlockSink
  readonly #limits: SealLimits
  #no: number
  #levelled: number
  #summary: SeriesSummary | null
  #rest: Series = EMPTY_SERIES

  /**
   * @param start.no of the first block that is written
   * @param start.summary of what lies before it
   */
  constructor(
    task: SeriesTask,
    sink: BlockSink,
    limits: SealLimits,
    start: { no: number; summary: SeriesSummary | null },
  ) {
    this.task = task
    this.tree = new LevelTree(sink, task.metricId, task.attempt)
    this.#sink = sink
    this.#limits = limits
    this.#no = start.no
    this.#levelled = start.no
    this.#summary = start.summary
  }

  /** Takes points behind all that it took; writes the blocks that are full. */
  push(points: Series): void {
    const all = joinSeries(this.#rest, points)
    const { blockPoints } = this.#limits
    let at = 0
    for (; all.steps.length - at >= blockPoints; at += blockPoints) this.#write(sliceSeries(all, at, at + blockPoints))
    this.#rest = sliceSeries(all, at, all.steps.length)
  }

  /**
   * Writes what is left.
   *
   * @param mayCarry points too few for a levelled block are not written
   * @returns points that were not written
   */
  end(mayCarry: boolean): Series {
    const rest = this.#rest
    this.#rest = EMPTY_SERIES
    if (rest.steps.length === 0 || (mayCarry && rest.steps.length < this.#limits.levelledMin)) return rest
    this.#write(rest)
    return EMPTY_SERIES
  }

  #write(points: Series): void {
    const { metricId, attempt } = this.task
    const block = encodePointBlock(points, true)
    this.#sink.add({ metricId, attempt, level: 0, no: this.#no }, block, points)
    if (points.steps.length >= this.#limits.levelledMin) {
      this.tree.addPoints(this.#no, points, block)
      this.#levelled = this.#no + 1
    }
    this.#no++
    this.#summary = extendSummary(this.#summary, points)
  }

  /** How many points its next block has so far. */
  get waiting(): number {
    return this.#rest.steps.length
  }

  /** Number of the next block. */
  get no(): number {
    return this.#no
  }

  /** The series as it is stored from now on; null when nothing of it is. */
  series(): SeriesRow | null {
    if (!this.#summary) return null
    const { min, max, ...summary } = this.#summary
    return {
      metricId: this.task.metricId,
      attempt: this.task.attempt,
      blocks: this.#no,
      levelled: this.#levelled,
      ...summary,
      min: min?.value ?? null,
      minStep: min?.step ?? null,
      max: max?.value ?? null,
      maxStep: max?.step ?? null,
    }
  }
}

/** Puts points behind a series. Their blocks wait in the sink. */
export function appendSeries(
  task: SeriesTask,
  sink: BlockSink,
  limits: SealLimits,
  isForced: boolean,
): { writer: SeriesWriter; rest: Series } {
  const writer = new SeriesWriter(task, sink, limits, {
    no: task.known?.blocks ?? 0,
    summary: task.known && summaryOf(task.known),
  })
  writer.push(task.points)
  return { writer, rest: writer.end(!isForced) }
}

/**
 * Puts points behind a series whose last block is short, which goes into the first one that is written.
 *
 * @param last that block; it is deleted already
 */
export function lengthenSeries(
  task: SeriesTask,
  last: StoredBlock,
  sink: BlockSink,
  limits: SealLimits,
  isForced: boolean,
): { writer: SeriesWriter; rest: Series } {
  const known = task.known as SeriesRow
  const short = pointsOf(last)
  // Its points are part of the summary already, and counted again with their block.
  const summary = { ...summaryOf(known), n: known.n - short.steps.length }
  const writer = new SeriesWriter(task, sink, limits, { no: known.blocks - 1, summary })
  writer.push(joinSeries(short, task.points))
  return { writer, rest: writer.end(!isForced) }
}

/** Blocks that are read and deleted at once. */
const BLOCKS_PER_READ = 32

/**
 * Puts points at or below sealed steps into a series: blocks are written anew from the first one that they touch on, whose points the
 * new ones replace where they have the same step.
 */
export async function mergeIntoSeries(
  tx: TransactionSql,
  runId: number,
  task: SeriesTask,
  sink: BlockSink,
  limits: SealLimits,
): Promise<{ writer: SeriesWriter; freed: FreedAxis[] }> {
  const { metricId, attempt, points } = task
  const known = task.known as SeriesRow
  const heads = await listHeads(tx, runId, metricId, attempt)
  if (heads.length !== known.blocks)
    throw new Error(
      `Metric ${metricId} of attempt ${attempt} of run ${runId} has ${heads.length} blocks of points, not ${known.blocks}.`,
    )
  const from = heads.findIndex((head) => head.step1 >= (points.steps[0] as number))
  const writer = new SeriesWriter(task, sink, limits, {
    no: from,
    summary: await summaryBefore(tx, runId, known, heads, from),
  })
  const above = levelsAbove(metricId, attempt, from, known.levelled)
  const freed = above.length > 0 ? (await deleteBlocks(tx, runId, above)).freed : []
  const merged: Series[] = []
  let taken = 0
  for (let read = from; read < heads.length; ) {
    const to = Math.min(heads.length, read + BLOCKS_PER_READ) - 1
    const range = { metricId, attempt, level: 0, from: read, to }
    for (const block of await loadBlocks(tx, runId, [range])) {
      const until = firstBehind(points.steps, block.step1, taken)
      merged.push(mergeSeries(pointsOf(block), sliceSeries(points, taken, until)))
      taken = until
    }
    freed.push(...(await deleteBlocks(tx, runId, [range])).freed)
    read = to + 1
    // A block is written only once the old one of its number is gone.
    while (merged[0] && blocksAfter(writer, merged[0], limits) <= read) writer.push(merged.shift() as Series)
    if (sink.isFull) await sink.flush()
  }
  for (const part of merged) writer.push(part)
  writer.push(sliceSeries(points, taken, points.steps.length))
  writer.end(false)
  return { writer, freed }
}

/** What the series has before block `from`; its last value is that of a later block. */
async function summaryBefore(
  tx: TransactionSql,
  runId: number,
  known: SeriesRow,
  heads: readonly StoredHead[],
  from: number,
): Promise<SeriesSummary | null> {
  const kept = heads.slice(0, from)
  const first = kept[0]
  if (!first) return null
  const summary = summaryOf(known)
  const cut = (heads[from] as StoredHead).step0
  const isKept = (extreme: Extreme | null) => extreme === null || extreme.step < cut
  const extremes =
    isKept(summary.min) && isKept(summary.max)
      ? { min: summary.min, max: summary.max }
      : await findExtremes(tx, runId, known, kept)
  return {
    ...summary,
    ...extremes,
    n: kept.reduce((n, head) => n + head.n, 0),
    t0: kept.reduce((t, head) => Math.min(t, head.t0), first.t0),
    t1: kept.reduce((t, head) => Math.max(t, head.t1), first.t1),
  }
}

/** Number of the next block once these points are pushed. */
const blocksAfter = (writer: SeriesWriter, points: Series, { blockPoints }: SealLimits): number =>
  writer.no + Math.floor((writer.waiting + points.steps.length) / blockPoints)

/** Index of the first step greater than `step`, from `at` on. */
function firstBehind(steps: Float64Array, step: number, at: number): number {
  let i = at
  while (i < steps.length && (steps[i] as number) <= step) i++
  return i
}

/** The points of a stored block, of which each decoded array is our own. */
export function pointsOf(block: StoredBlock): Series {
  const { steps, times, values } = decodePointBlock(block.data, block.axis, true)
  return {
    steps,
    times: times ?? new Float64Array(steps.length),
    values: values instanceof Float64Array ? values : Float64Array.from(values),
  }
}
