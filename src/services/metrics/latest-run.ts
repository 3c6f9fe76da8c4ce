/** What is in memory of one run: the latest of its metrics, and how a batch changes it. */
import { isTelemetryKey } from '../../core/metrics/metric-key.ts'
import { extendSummary, type Summary } from '../../core/metrics/summary.ts'
import type { Progress } from '../../db/queries/metrics/write-progress.ts'
import type { WorkspaceKeys } from './key-dictionary.ts'
import { TOKENS_KEY } from './read/x-places.ts'

/** The summaries of one run, current with every acknowledged batch. */
export interface LatestRun {
  readonly runId: number
  readonly workspaceId: number
  /** As its newest batch told: a run can move. */
  projectId: number
  readonly keys: WorkspaceKeys
  /** `stale`: to be told from the stored points again when somebody asks. */
  readonly metrics: Map<number, Summary | 'stale'>
  /** Metrics whose row in the database is behind. */
  readonly dirty: Set<number>
  /** Metrics of the run, those of batches under way included. */
  readonly metricIds: Set<number>
  /** Batches that came while stored points are read, for each such reading. */
  readonly readings: Set<Reading>
  /** Another process may have brought metrics that are not known here. */
  mayLack: boolean
  /** Nothing more is expected of it. */
  isOver: boolean
  /** When its newest data came; null: not since it is in memory. */
  contactAtMs: number | null
  /** Its points could not be read: until then it is not tried again. */
  restsUntilMs: number
  isProgressDirty: boolean
  touchedAtMs: number
}

/** Where a run belongs. */
export interface RunPlace {
  runId: number
  workspaceId: number
  projectId: number
}

/** A reading of stored points under way. */
export interface Reading {
  /** What came since the moment of which the points are read. */
  missed: { id: number; extend: () => void }[]
  /** The view changed since: what is read is of no use. */
  isVoid: boolean
}

/** A run that nothing is known of yet but which metrics it has: all are to be told. */
export const unreadRun = (
  { runId, workspaceId, projectId }: RunPlace,
  keys: WorkspaceKeys,
  { metricIds, mayLack }: Pick<LatestRun, 'metricIds' | 'mayLack'>,
): LatestRun => ({
  runId,
  workspaceId,
  projectId,
  keys,
  metrics: new Map([...metricIds].map((id) => [id, 'stale' as const])),
  dirty: new Set(),
  metricIds,
  readings: new Set(),
  mayLack,
  isOver: false,
  contactAtMs: null,
  restsUntilMs: 0,
  isProgressDirty: false,
  touchedAtMs: Date.now(),
})

/** The default view changed, or what is stored is not known: everything is told anew. */
export function makeStale(run: LatestRun): void {
  for (const reading of run.readings) reading.isVoid = true
  for (const id of run.metricIds) {
    run.metrics.set(id, 'stale')
    run.dirty.add(id)
  }
  run.isProgressDirty = true
}

/** Its rows in the database are as new as its points. */
export const isWritten = (run: LatestRun): boolean => run.dirty.size === 0 && !run.isProgressDirty

/** What the run's row says of its points: the greatest step of any metric but telemetry as far as it is known, and the tokens seen. */
export function progressOf(run: LatestRun): Progress {
  let lastStep: number | null = null
  let isWhole = true
  for (const [id, summary] of run.metrics) {
    if (summary === 'stale') isWhole = false
    if (summary === 'stale' || isTelemetryKey(run.keys.names.get(id) ?? '')) continue
    if (lastStep === null || summary.lastStep > lastStep) lastStep = summary.lastStep
  }
  const tokens = run.metrics.get(run.keys.ids.get(TOKENS_KEY) ?? -1)
  const seen = tokens && tokens !== 'stale' ? Math.round(tokens.lastValue) : Number.NaN
  return {
    runId: run.runId,
    lastStep,
    isWhole,
    tokens: Number.isSafeInteger(seen) && seen >= 0 ? seen : null,
    contactAtMs: run.contactAtMs,
  }
}

/** Points of a stale metric, for those who are reading it. Apart from the loop: a closure in it would cost every metric a context. */
export function noteMissed(run: LatestRun, id: number, ...points: PointsOfMetric): void {
  const extend = () => extendMetric(run, id, ...points)
  for (const reading of run.readings) reading.missed.push({ id, extend })
}

type PointsOfMetric = Parameters<typeof extendMetric> extends [LatestRun, number, ...infer Rest] ? Rest : never

/** Puts points behind a metric's summary; what cannot be told without the stored points is stale. */
export function extendMetric(
  { metrics }: LatestRun,
  id: number,
  isInView: boolean,
  steps: Float64Array,
  times: Float64Array | null,
  receivedAtMs: number,
  values: Float64Array,
): void {
  const known = metrics.get(id)
  const grown = known === 'stale' || !isInView ? null : extendSummary(known, steps, times, receivedAtMs, values)
  if (grown === null) metrics.set(id, 'stale')
  else if (grown !== known) metrics.set(id, grown)
}
