import { type PointVisitor, scanBatch } from '../../../core/metrics/packed-batch.ts'
import { type Series, SeriesBuilder } from '../../../core/metrics/series.ts'
import type { Sql, TransactionSql } from '../../../db/clients.ts'
import { deleteAxes } from '../../../db/queries/metrics/seal/delete-axes.ts'
import { deleteBlocks, type FreedAxis } from '../../../db/queries/metrics/seal/delete-blocks.ts'
import { deleteTail } from '../../../db/queries/metrics/seal/delete-tail.ts'
import { insertCarry } from '../../../db/queries/metrics/seal/insert-carry.ts'
import { loadBlocks } from '../../../db/queries/metrics/seal/load-blocks.ts'
import { lockSeal } from '../../../db/queries/metrics/seal/lock-seal.ts'
import { markSealed, type SealedSeqs } from '../../../db/queries/metrics/seal/mark-sealed.ts'
import { raiseVersion } from '../../../db/queries/metrics/seal/raise-version.ts'
import { readSeries } from '../../../db/queries/metrics/seal/read-series.ts'
import { readTail, type SealRow } from '../../../db/queries/metrics/seal/read-tail.ts'
import { writeSeries } from '../../../db/queries/metrics/seal/write-series.ts'
import type { HeadRow } from '../head-row.ts'
import type { SealOutcome } from '../seal-outcome.ts'
import { BlockSink } from './block-sink.ts'
import { packCarry, type Rest } from './carry.ts'
import { type KnownTail, knownBytes } from './known-tail.ts'
import { completeLevels } from './level-tree.ts'
import { SEAL_LIMITS, type SealLimits } from './limits.ts'
import {
  appendSeries,
  lengthenSeries,
  mergeIntoSeries,
  planSeries,
  type SeriesPlan,
  type SeriesTask,
  type SeriesWriter,
} from './seal-series.ts'

export interface SealOptions {
  /** The run has ended: nothing is carried. */
  isForced?: boolean
  limits?: SealLimits
  /** Batches whose bytes lie in memory. */
  known?: KnownTail
}

/**
 * Moves the tail of a run into blocks, in one transaction: killed at any point it has happened as a whole or not at all, and doing it
 * again is always right. Every statement names the run, and nothing of another run is written, so that on a cluster it is the
 * transaction of one node.
 *
 * No read changes by it: within an attempt the last write wins by (stream, seq, position), and what is in blocks gives way to what is
 * in the tail. A piece of a tail is the first part of it in that order, so the rest wins over it as before. Among data sealed at
 * different times the later seal wins.
 *
 * @returns null when there was nothing to do
 * @throws the driver's error; nothing has changed then, unless the connection died within the commit
 */
export async function sealRun(sql: Sql, runId: number, options: SealOptions = {}): Promise<SealOutcome | null> {
  const startedAt = performance.now()
  try {
    const outcome = await sql.begin(async (tx) => {
      const builders: SeriesBuilder[] = []
      try {
        return await seal(tx, runId, options, builders)
      } finally {
        giveBack(builders)
      }
    })
    return { ...outcome, ms: performance.now() - startedAt }
  } catch (error) {
    if (error instanceof NothingToSeal) return null
    throw error
  }
}

/** Room that a metric gets at first, in points: what the usual 20 keys have when they are sealed, and some more. */
const EXPECTED_MAX = 6_144

/** Takes the transaction back: a run of which nothing was ever sealed keeps no row. */
class NothingToSeal extends Error {}

async function seal(
  tx: TransactionSql,
  runId: number,
  { isForced = false, limits = SEAL_LIMITS, known }: SealOptions,
  builders: SeriesBuilder[],
): Promise<Omit<SealOutcome, 'ms'>> {
  await lockSeal(tx, runId)
  const piece = { bytesMax: limits.pieceBytes, pointsMax: limits.piecePoints }
  const { rows, isWhole } = await readTail(tx, runId, piece, known ? knownBytes(known) : null)
  if (rows.length === 0) throw new NothingToSeal()
  const tasks = await readTasks(tx, runId, rows, builders)
  // The first piece of a long tail leaves to the next what is too little for a block.
  const planned = planAll(tasks, isForced && isWhole, limits)
  if (planned.carry.length === tasks.length && rows.every((row) => row.stream < 0)) throw new NothingToSeal()

  const sink = new BlockSink(tx, runId)
  const written = await writeAll(tx, runId, planned, sink, isForced && isWhole, limits)
  await completeLevels(
    tx,
    runId,
    written.writers.map((writer) => writer.tree),
  )
  await sink.flush()
  if (written.freed.length > 0) await deleteAxes(tx, runId, written.freed)
  const series = written.writers.flatMap((writer) => writer.series() ?? [])
  if (series.length > 0) await writeSeries(tx, runId, series)

  const seqs = seqsOf(rows)
  const streams = seqs.filter(({ stream }) => stream > 0)
  if (streams.length > 0) await markSealed(tx, runId, streams)
  const deleted = await deleteTail(tx, runId, seqs)
  if (deleted !== rows.length)
    throw new Error(`Of ${rows.length} rows of the tail of run ${runId} only ${deleted} could be deleted.`)
  const carried = carryRows(rows, written.rests)
  if (carried.length > 0) await insertCarry(tx, runId, carried)
  const newestMs = rows.reduce((newest, row) => Math.max(newest, row.receivedAtMs), 0)
  const isRewrite = planned.lengthen.length + planned.merge.length > 0
  const { version, rewrites } = await raiseVersion(tx, runId, isRewrite, newestMs)
  const pointsBefore = written.writers.reduce((n, { task }) => n + (task.known?.n ?? 0), 0)
  return {
    runId,
    version,
    rewrites,
    gone: rows.map(({ stream, seq }) => ({ stream, seq })),
    carried,
    points: series.reduce((n, s) => n + s.n, 0) - pointsBefore,
    isPartial: !isWhole,
  }
}

/** Memory of seals that are over: to ask the system for two megabytes thirty times a second costs more than to fill them. */
const idle: SeriesBuilder[] = []
const IDLE_MAX = 64

function takeBuilder(expected: number): SeriesBuilder {
  const builder = expected * 2 > EXPECTED_MAX ? idle.pop() : undefined
  builder?.reset()
  return builder ?? new SeriesBuilder(expected)
}

function giveBack(builders: readonly SeriesBuilder[]): void {
  for (const builder of builders)
    if (idle.length < IDLE_MAX && builder.room * 2 > EXPECTED_MAX && builder.room <= 2 * EXPECTED_MAX)
      idle.push(builder)
}

/** The points of these rows by attempt and metric, with what is sealed of each. */
async function readTasks(
  tx: TransactionSql,
  runId: number,
  rows: readonly SealRow[],
  taken: SeriesBuilder[],
): Promise<SeriesTask[]> {
  const attempts = new Map<number, Map<number, SeriesBuilder>>()
  for (const row of rows) {
    if (row.isDead) continue
    let builders = attempts.get(row.attempt)
    if (!builders) {
      builders = new Map()
      attempts.set(row.attempt, builders)
    }
    const into = builders
    const visit: PointVisitor = (metricId, steps, times, values) => {
      let builder = into.get(metricId)
      if (!builder) {
        // As if every row had this key, as nearly all do; a key of few rows does not get room for many.
        builder = takeBuilder(Math.min(rows.length * steps.length, EXPECTED_MAX))
        taken.push(builder)
        into.set(metricId, builder)
      }
      builder.push(steps, times, row.receivedAtMs, values, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
    }
    scanBatch(row.data, null, visit, true)
  }
  const metricIds = new Set([...attempts.values()].flatMap((builders) => [...builders.keys()]))
  if (metricIds.size === 0) return []
  const known = new Map(
    (await readSeries(tx, runId, [...metricIds])).map((series) => [`${series.attempt}:${series.metricId}`, series]),
  )
  return [...attempts].flatMap(([attempt, builders]) =>
    [...builders].flatMap(([metricId, builder]) => {
      const points = builder.series()
      if (points.steps.length === 0) return []
      return [{ metricId, attempt, known: known.get(`${attempt}:${metricId}`) ?? null, points }]
    }),
  )
}

type Planned = Record<SeriesPlan, SeriesTask[]>

function planAll(tasks: readonly SeriesTask[], isForced: boolean, limits: SealLimits): Planned {
  const planned: Planned = { carry: [], append: [], lengthen: [], merge: [] }
  for (const task of tasks) planned[planSeries(task, isForced, limits)].push(task)
  return planned
}

interface Written {
  writers: SeriesWriter[]
  /** By attempt. */
  rests: Map<number, Rest[]>
  freed: FreedAxis[]
}

async function writeAll(
  tx: TransactionSql,
  runId: number,
  planned: Planned,
  sink: BlockSink,
  isForced: boolean,
  limits: SealLimits,
): Promise<Written> {
  const written: Written = { writers: [], rests: new Map(), freed: [] }
  const leave = ({ metricId, attempt }: SeriesTask, points: Series) => {
    if (points.steps.length === 0) return
    const rests = written.rests.get(attempt) ?? []
    written.rests.set(attempt, rests)
    rests.push({ metricId, points })
  }
  const take = ({ writer, rest }: { writer: SeriesWriter; rest: Series }) => {
    written.writers.push(writer)
    leave(writer.task, rest)
  }
  for (const task of planned.carry) leave(task, task.points)
  for (const task of planned.append) {
    take(appendSeries(task, sink, limits, isForced))
    if (sink.isFull) await sink.flush()
  }
  if (planned.lengthen.length > 0) {
    const ranges = planned.lengthen.map(({ metricId, attempt, known }) => {
      const no = (known?.blocks ?? 0) - 1
      return { metricId, attempt, level: 0, from: no, to: no }
    })
    const last = new Map((await loadBlocks(tx, runId, ranges)).map((b) => [`${b.attempt}:${b.metricId}`, b]))
    written.freed.push(...(await deleteBlocks(tx, runId, ranges)).freed)
    for (const task of planned.lengthen) {
      const block = last.get(`${task.attempt}:${task.metricId}`)
      if (!block) throw new Error(`The last block of metric ${task.metricId} of run ${runId} is missing.`)
      take(lengthenSeries(task, block, sink, limits, isForced))
      if (sink.isFull) await sink.flush()
    }
  }
  for (const task of planned.merge) {
    const { writer, freed } = await mergeIntoSeries(tx, runId, task, sink, limits)
    written.writers.push(writer)
    written.freed.push(...freed)
  }
  return written
}

/** The seqs of rows, which come by stream and seq, as ranges without holes. */
function seqsOf(rows: readonly SealRow[]): SealedSeqs[] {
  const streams: SealedSeqs[] = []
  for (const { stream, seq } of rows) {
    let last = streams[streams.length - 1]
    if (last?.stream !== stream) {
      last = { stream, ranges: [] }
      streams.push(last)
    }
    const range = last.ranges[last.ranges.length - 1]
    if (range && range[1] === seq - 1) range[1] = seq
    else last.ranges.push([seq, seq])
  }
  return streams
}

/** One carry row per attempt that leaves something, behind those that were there. */
function carryRows(rows: readonly SealRow[], rests: ReadonlyMap<number, Rest[]>): HeadRow[] {
  return [...rests]
    .map(([attempt, left]) => {
      const mine = rows.filter((row) => row.attempt === attempt)
      const seqs = mine.filter((row) => row.stream < 0).map((row) => row.seq)
      return {
        stream: -attempt,
        seq: seqs.reduce((a, b) => Math.max(a, b), 0) + 1,
        attempt,
        receivedAtMs: mine.reduce((at, row) => Math.max(at, row.receivedAtMs), 0),
        ...packCarry(left),
      }
    })
    .sort((a, b) => a.stream - b.stream)
}
