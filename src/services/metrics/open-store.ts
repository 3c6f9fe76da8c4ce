import { isTelemetryKey } from '../../core/metrics/metric-key.ts'
import { SequenceRanges } from '../../core/metrics/sequence-ranges.ts'
import type { Summary } from '../../core/metrics/summary.ts'
import type { DatabaseTarget, Sql } from '../../db/clients.ts'
import { closeStream } from '../../db/queries/metrics/close-stream.ts'
import { findRuns } from '../../db/queries/metrics/find-runs.ts'
import { newestWrite } from '../../db/queries/metrics/newest-write.ts'
import { readLatest } from '../../db/queries/metrics/read-latest.ts'
import { reopenRun } from '../../db/queries/metrics/reopen-run.ts'
import { surveyTails } from '../../db/queries/metrics/seal/survey-tails.ts'
import { setOrientation } from '../../db/queries/metrics/set-orientation.ts'
import { startAttempt } from '../../db/queries/metrics/start-attempt.ts'
import { sumPoints } from '../../db/queries/metrics/sum-points.ts'
import { writeWriter } from '../../db/queries/metrics/write-writer.ts'
import { ConsoleLog } from '../console/console-log.ts'
import type { Log } from '../context.ts'
import { Refusal } from '../errors.ts'
import { refusalOfFailure } from '../failures.ts'
import { openLiveHub } from '../live/live-hub.ts'
import type { LiveHub } from '../live/run-news.ts'
import { Admission } from './admission.ts'
import { openAppending } from './append-batches.ts'
import { lineJson } from './chart-json.ts'
import { openCommitQueues, type WriteRoute } from './commit-queues.ts'
import { readRawPoints } from './export/raw-points.ts'
import { listRunSeries } from './export/run-series.ts'
import { HeadCache, type RunHead } from './head-cache.ts'
import { KeyDictionary } from './key-dictionary.ts'
import { LatestSummaries } from './latest-summaries.ts'
import { drawChart } from './read/draw-chart.ts'
import { StoredPoints } from './read/stored-points.ts'
import { readValuesAt } from './read/values-at.ts'
import { axisKeyOf } from './read/x-places.ts'
import { runPages } from './run-pages.ts'
import { packKnownTail } from './seal/known-tail.ts'
import { SEAL_LIMITS, type SealLimits } from './seal/limits.ts'
import { openInlineSealer, openWorkerSealer } from './seal/open-sealer.ts'
import { SealLoop } from './seal/seal-loop.ts'
import { SCHEDULE_LIMITS, type ScheduleLimits, SealSchedule } from './seal/seal-schedule.ts'
import type { SealOutcome } from './seal-outcome.ts'
import type { DrawnChart, MetricStore, SeriesRequest } from './store.ts'
import { gaps, StreamRegistry } from './stream-registry.ts'
import { viewSummaries } from './summary-views.ts'
import { SummaryWriter } from './summary-writer.ts'

/** What one statement takes, and how many run at once. */
export const GROUP_LIMITS = { items: 128, bytes: 8 * 1024 * 1024, inFlight: 3 }
/** Decoded blocks of exports; each is read once. */
const EXPORT_BYTES_MAX = 4 * 1024 * 1024
const HEAD_BYTES_MAX = 256 * 1024 * 1024

export interface StoreOptions extends WriteRoute {
  sql: Sql
  log: Log
  /** Told of every commit before its acknowledgement. */
  live?: LiveHub
  /** Memory for tails. */
  headBytesMax?: number
  /** Where tails are sealed: in a thread of its own (which needs `target`), in this one, or not at all. */
  sealer?: 'worker' | 'inline' | 'off'
  target?: DatabaseTarget
  sealLimits?: SealLimits
  scheduleLimits?: ScheduleLimits
}

/** A store and what tests reach into. */
export interface OpenStore extends MetricStore {
  readonly stored: StoredPoints
  /** Forgets tails that lie in memory: the next read brings them from the database. */
  dropHeads(): void
  /** Another process wrote to these runs, or may have written to any: what lies in memory of them is behind. */
  noteForeignWrites(runIds: readonly number[] | 'all'): void
  /** Seals a run now; null when there was nothing to do. `isForced`: as if it had ended. */
  seal(runId: number, isForced?: boolean): Promise<SealOutcome | null>
}

/**
 * Opens the metrics store on a migrated database: tells summaries anew that a killed server left behind, then takes batches.
 */
export async function openMetricStore({
  sql,
  log,
  live = openLiveHub(log),
  headBytesMax = HEAD_BYTES_MAX,
  sealer = 'off',
  target,
  sealLimits = SEAL_LIMITS,
  scheduleLimits = SCHEDULE_LIMITS,
  ...route
}: StoreOptions): Promise<OpenStore> {
  const heads = new HeadCache(sql, headBytesMax)
  const dictionary = new KeyDictionary(sql)
  const stored = new StoredPoints(sql, heads)
  // Apart, so that an export of everything does not drive out what charts read again and again.
  const exported = new StoredPoints(sql, heads, EXPORT_BYTES_MAX)
  const latest = new LatestSummaries(sql, heads, stored, dictionary)
  const summaries = new SummaryWriter(sql, latest, log, (run) => live.tell({ ...run, kind: 'progress' }))
  const streams = new StreamRegistry(sql)
  const consoleLog = new ConsoleLog(sql)
  // A group that failed may have been committed although its answer was lost: nothing in memory may say otherwise.
  const queue = openCommitQueues(sql, GROUP_LIMITS, route, (batches) => {
    for (const { runId } of batches) forget(runId)
  })
  const schedule = new SealSchedule(scheduleLimits)
  const admission = new Admission(schedule, scheduleLimits)
  if (sealer === 'worker' && !target) throw new Error('A store that seals in a thread of its own needs `target`.')
  const seals = new SealLoop({
    schedule,
    sealer:
      sealer === 'worker' && target ? openWorkerSealer(target, sealLimits, log) : openInlineSealer(sql, sealLimits),
    log,
    knownOf: (runId) => {
      const head = heads.peek(runId)
      return head && packKnownTail(head.rows, sealLimits.pieceBytes)
    },
    sealed: (outcome) => heads.applySeal(outcome),
    doubted: (runId) => heads.drop(runId),
  })
  let isClosing = false
  await summaries.start(heads)
  if (sealer !== 'off') {
    for await (const runIds of runPages(sql)) schedule.take(await surveyTails(sql, runIds))
    seals.kick()
  }

  function forget(runId: number): void {
    heads.drop(runId)
    latest.invalidate(runId)
  }

  const { append, appendConsole } = openAppending({
    ...{ heads, dictionary, latest, streams, consoleLog, queue, admission, live, log, forget, refuseWhenClosing },
    toSeal({ runId, points, data, receivedAtMs }) {
      if (sealer === 'off') return
      schedule.add(runId, points, data.length, receivedAtMs)
      seals.kick()
    },
  })

  /** What has ended is sealed to the last point; what is deleted is left to those who purge it. */
  function noteState(runId: number, state: 'open' | 'finished' | 'deleted'): void {
    latest.setOver(runId, state !== 'open')
    if (sealer === 'off') return
    if (state === 'deleted') {
      schedule.forget(runId)
      return
    }
    schedule.setFinished(runId, state === 'finished')
    seals.kick()
  }

  function refuseWhenClosing(): void {
    if (isClosing)
      throw new Refusal('draining', 'The server is shutting down. Send the batch again.', { retry_after_s: 2 })
  }

  /** Summaries of runs that lie in memory are current there; the others' rows are. */
  async function summariesById(runIds: readonly number[], metricIds: readonly number[] | null) {
    const found = new Map<number, Map<number, Summary>>()
    const elsewhere: number[] = []
    for (const runId of runIds) {
      const run = latest.peek(runId)
      if (run) found.set(runId, await latest.current(run, metricIds))
      else elsewhere.push(runId)
    }
    if (elsewhere.length > 0)
      for (const { runId, metricId, summary } of await readLatest(sql, elsewhere, metricIds)) {
        const ofRun = found.get(runId) ?? new Map<number, Summary>()
        found.set(runId, ofRun.set(metricId, summary))
      }
    return found
  }

  async function draw(request: SeriesRequest): Promise<DrawnChart> {
    const axes = request.runs.flatMap((run) => axisKeyOf(request, run) ?? [])
    const keys = await dictionary.openNamed(request.workspaceId, [...request.metrics, ...new Set(axes)])
    return drawChart(request, stored, keys)
  }

  const store: OpenStore = {
    stored,
    append: (batch) => translated(append(batch)),
    appendConsole: (batch) => translated(appendConsole(batch)),
    async setWriter(runId, writer) {
      await writeWriter(sql, runId, writer)
      noteState(runId, writer.state)
    },
    async reopen(runId, writer) {
      await reopenRun(sql, runId, writer)
      noteState(runId, writer.state)
    },
    async startAttempt(runId, attempt, firstStep) {
      try {
        await startAttempt(sql, runId, attempt, firstStep)
        // Summaries in the database change with the view: they are told anew through memory, which writes them.
        const [run] = latest.peek(runId) ? [] : await findRuns(sql, [runId])
        if (run) await latest.open(runId, run.workspaceId, run.projectId)
      } finally {
        // Also when it failed: it may have been noted all the same.
        forget(runId)
      }
    },
    cursors: (runId, clientIds) => streams.cursors(runId, clientIds ?? null),
    async closeStream(runId, clientId, lastSeq) {
      const stream = await streams.stored(runId, clientId)
      const { contiguous, missing } = stream ? gaps(new SequenceRanges(stream.seqs)) : { contiguous: 0, missing: [] }
      if (contiguous < lastSeq)
        throw new Refusal(
          'stream_gap',
          `Stream ${clientId} has all batches up to ${contiguous} of ${lastSeq}. Send it again from ${contiguous + 1}.`,
          {
            stream: clientId,
            expected_seq: contiguous + 1,
            missing: missing.length > 0 ? missing : [[contiguous + 1, lastSeq]],
          },
        )
      if (stream) await closeStream(sql, runId, clientId, lastSeq)
    },
    chart: async (request) => (await draw(request)).series.map(lineJson),
    draw,
    async chartState(runIds) {
      const opened = await heads.open(runIds)
      return JSON.stringify(runIds.map((runId) => headState(opened.get(runId))))
    },
    async summaries(workspaceId, runIds, keys) {
      const known = await dictionary.openNamed(workspaceId, keys ?? [])
      const metricIds = keys ? keys.flatMap((key) => known.ids.get(key) ?? []) : null
      const found = await summariesById(runIds, metricIds)
      await dictionary.openFor(
        workspaceId,
        [...found.values()].flatMap((summaries) => [...summaries.keys()]),
      )
      return new Map(runIds.map((runId) => [runId, viewSummaries(found.get(runId), known)]))
    },
    async orientate(workspaceId, key, orientation) {
      if (!(await setOrientation(sql, workspaceId, key, orientation))) return false
      const known = await dictionary.openNamed(workspaceId, [key])
      const id = known.ids.get(key)
      if (id !== undefined) known.say(id, orientation)
      return true
    },
    series: (workspaceId, runId) => listRunSeries({ sql, heads, dictionary }, workspaceId, runId),
    raw: (runId, metricId, request) => readRawPoints(exported, runId, metricId, request),
    async valuesAt(runId, steps) {
      const [run] = await findRuns(sql, [runId])
      if (!run) return steps.map(() => new Map())
      const { series } = await listRunSeries({ sql, heads, dictionary }, run.workspaceId, runId)
      const ids = series.flatMap(({ id, key }) => (isTelemetryKey(key) ? [] : [id]))
      return readValuesAt(stored, runId, steps, ids)
    },
    console: (runId, query) => consoleLog.read(runId, query),
    searchConsole: (runId, scan, part) => consoleLog.search(runId, scan, part),
    consoleLineAt: (runId, atMs) => consoleLog.lineAt(runId, atMs),
    consoleText: (runId) => consoleLog.text(runId),
    points: (runIds) => sumPoints(sql, runIds),
    lastWrite: (runIds) => newestWrite(sql, runIds),
    readAnew(runIds) {
      for (const runId of runIds) heads.drop(runId)
    },
    forget(runIds) {
      for (const runId of runIds) {
        heads.drop(runId)
        schedule.forget(runId)
        latest.drop(runId)
        streams.drop(runId)
      }
    },
    dropHeads: () => heads.clear(),
    noteForeignWrites(runIds) {
      dictionary.doubt()
      if (runIds === 'all') heads.clear()
      else for (const runId of runIds) heads.drop(runId)
      latest.noteForeignWrites(runIds)
    },
    flush: (runId) => summaries.flush(runId),
    seal: (runId, isForced = false) => seals.seal(runId, isForced),
    async close() {
      isClosing = true
      await Promise.all([queue.drained(), consoleLog.drained()])
      await seals.close()
      await summaries.close()
    },
  }
  return store
}

/** Failures of the database as refusals: an unacknowledged batch is sent again, which is always right. */
async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw refusalOfFailure(error) ?? error
  }
}

/** All that tells one state of a run's points from another: rows leave a head only by a seal, which raises its version. */
const headState = (head: RunHead | undefined) =>
  head && [head.version, head.rewrites, head.rows.length, head.bytes, head.attempts]
