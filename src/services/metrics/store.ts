import type { LineageStart } from '../../core/lineage/start-values.ts'
import type { AttemptStart } from '../../core/metrics/attempt-view.ts'
import type { XAxis } from '../../core/metrics/chart-choices.ts'
import type { Orientation } from '../../core/metrics/orientation.ts'
import type { ChartGrid, ChartGrouping, ChartSeries, ChartSmoothing } from '../../protocol/chart.ts'
import type { ChartGroup, ChartLine } from '../../protocol/chart-body.ts'
import type { BatchFormat, LogMatches, LogPage, MetricSummary, StreamCursor } from '../../protocol/metrics.ts'
import type { ScanChunk } from '../console/scan-chunks.ts'
import type { SearchedLines } from '../console/search-lines.ts'

/** A batch as a door received it. */
export interface IncomingBatch {
  workspaceId: number
  projectId: number
  runId: number
  /** UUID of the writing process. */
  clientId: string
  seq: number
  attempt: number
  /** 0 for a run without a lease. */
  fence: number
  /** The body as sent (already unzipped). It belongs to the store: binary ones are stored from these very bytes. */
  body: Buffer
  /** JSON when absent. */
  format?: BatchFormat
}

export interface BatchOutcome {
  dup: boolean
  written: number
  rejected: { key: string; reason: string; step?: number }[]
  contiguous: number
  missing: [number, number][]
}

/** A run as a chart needs it beside its points. Times in ms. */
export interface ChartedRun {
  id: number
  number: number
  uid: string
  startedAtMs: number | null
  /** When its attempts began, for process time; null or absent: with their first points. */
  attempts?: readonly { attempt: number; startedAtMs: number | null }[]
  /** Where it begins on the axes of its lineage; absent: it has no place there. */
  lineage?: LineageStart
}

/** Runs that are drawn as one line. */
export interface RunGroup {
  /** What the runs have in common, in words: `all runs`, `sft`, `optimizer.lr 0.001`, `seed missing`. */
  group: string
  /** Ids, by run number. */
  runIds: number[]
}

/** What an attempt shows in a chart. */
export interface SeriesRequest {
  workspaceId: number
  runs: readonly ChartedRun[]
  metrics: readonly string[]
  x: XAxis
  /** The metric of the x axis `metric`. */
  xMetric?: string
  from?: number
  to?: number
  px: number
  superseded: boolean
  /** Buckets of an answer that this one continues: lines that were reduced as a whole stay so. */
  grid?: ChartGrid
  smooth?: ChartSmoothing
  /** Runs drawn as one line per group and metric. */
  groups?: { list: readonly RunGroup[]; center: ChartGrouping['center']; band: ChartGrouping['band'] }
}

/** The lines of a chart, by run and metric in the order asked for, and the buckets that the reduced ones share. */
export interface DrawnChart {
  series: ChartLine[]
  groups: ChartGroup[]
  /** Null when every line is exact and nothing needs buckets. */
  grid: ChartGrid | null
}

/** Which series a run has, in key order, and where its attempts begin; an attempt that is not named begins at 0. */
export interface RunSeries {
  starts: readonly AttemptStart[]
  series: { id: number; key: string; attempts: number[] }[]
}

/** Points of one attempt; the arrays run in parallel, ascending by step. Times in ms. */
export interface RawPoints {
  attempt: number
  steps: Float64Array
  times: Float64Array
  values: Float32Array | Float64Array
}

export interface RawRequest {
  attempt: number
  /** First and last step. */
  from?: number
  to?: number
}

/**
 * The metrics store: tail, group commit, head. Points are acknowledged only after their commit. Sealing, levels and live
 * push are added behind this interface.
 *
 * Refusals: `run_deleted`, `stale_fence`, `conflict` (same seq, other bytes), `invalid_request` (with pointers),
 * `too_large`, `cardinality_limit`, `unavailable` while the database is away, `draining` while the server ends.
 */
export interface MetricStore {
  append(batch: IncomingBatch): Promise<BatchOutcome>
  appendConsole(batch: IncomingBatch): Promise<BatchOutcome>
  /** Says who may write: written right after the control plane's commit of creation, claim, attempt start, finish, sweep, delete, undo. */
  setWriter(
    runId: number,
    writer: { fence: number; attempt: number; state: 'open' | 'finished' | 'deleted' },
  ): Promise<void>
  /** Undo of a delete: the only way out of state `deleted`. */
  reopen(runId: number, writer: { fence: number; attempt: number; state: 'open' | 'finished' }): Promise<void>
  startAttempt(runId: number, attempt: number, firstStep: number): Promise<void>
  cursors(runId: number, clientIds?: readonly string[]): Promise<StreamCursor[]>
  /** @throws Refusal `stream_gap` with `expected_seq` until all of 1…lastSeq are durable */
  closeStream(runId: number, clientId: string, lastSeq: number): Promise<void>
  chart(request: SeriesRequest): Promise<ChartSeries[]>
  /** As `chart`, with arrays as numbers, and with groups. */
  draw(request: SeriesRequest): Promise<DrawnChart>
  /** Changes whenever something that charts of these runs show is stored, sealed or changed; told from memory, in their order. */
  chartState(runIds: readonly number[]): Promise<string>
  /** Per run, in key order. */
  summaries(
    workspaceId: number,
    runIds: readonly number[],
    keys?: readonly string[],
  ): Promise<Map<number, MetricSummary[]>>
  /** Says which values of a metric are better; null: its name tells. False when the workspace has no such metric. */
  orientate(workspaceId: number, key: string, orientation: Orientation | null): Promise<boolean>
  series(workspaceId: number, runId: number): Promise<RunSeries>
  /** Raw points of one series and attempt, in pieces, whatever the default view shows of them. */
  raw(runId: number, metricId: number, request: RawRequest): AsyncIterable<RawPoints>
  /** Values of all keys at each of these steps (the last at or before it), for checkpoints; in the order of `steps`. */
  valuesAt(runId: number, steps: readonly number[]): Promise<Map<number, number>[]>
  console(runId: number, query: { from?: number; limit: number; tail: boolean }): Promise<LogPage>
  /** Lines of a part of the console in which `scan` finds something. @throws PatternTooSlow */
  searchConsole(runId: number, scan: ScanChunk, part: SearchedLines): Promise<LogMatches>
  /** The last line printed at or before a time in ms, from 0; null when all came later. */
  consoleLineAt(runId: number, atMs: number): Promise<number | null>
  /** The console as text, in pieces. */
  consoleText(runId: number): AsyncIterable<Uint8Array>
  /** Writes the summaries that are behind now instead of within a second; never rejects. */
  flush(runId?: number): Promise<void>
  points(runIds: readonly number[]): Promise<Map<number, number>>
  /** When the newest batch of these runs was committed, ms. */
  lastWrite(runIds: readonly number[]): Promise<number | null>
  /** The next read of these runs asks the database: blocks of theirs were replaced by what says the same. */
  readAnew(runIds: readonly number[]): void
  /** Drops from memory all that it knows of these runs, what is not written yet included: their stored data is being deleted. */
  forget(runIds: readonly number[]): void
  /** Waits for what is queued, writes the summaries that are behind, ends. */
  close(): Promise<void>
}
