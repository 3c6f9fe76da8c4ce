import { nonFiniteWord } from '../../core/metrics/downsample.ts'
import { isTelemetryKey } from '../../core/metrics/metric-key.ts'
import type { Orientation } from '../../core/metrics/orientation.ts'
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
import { KEYS_PER_RUN_MAX, KEYS_PER_RUN_WARN, type MetricSummary } from '../../protocol/metrics.ts'
import { ConsoleLog } from '../console/console-log.ts'
import type { Log } from '../context.ts'
import { Refusal } from '../errors.ts'
import { refusalOfFailure } from '../failures.ts'
import { openLiveHub } from '../live/live-hub.ts'
import type { LiveHub, RunNews } from '../live/run-news.ts'
import { Admission } from './admission.ts'
import { lineJson } from './chart-json.ts'
import { openCommitQueues, type WriteRoute } from './commit-queues.ts'
import { readRawPoints } from './export/raw-points.ts'
import { listRunSeries } from './export/run-series.ts'
import { HeadCache, type RunHead } from './head-cache.ts'
import { KeyDictionary, type WorkspaceKeys } from './key-dictionary.ts'
import { LatestSummaries } from './latest-summaries.ts'
import { drawChart } from './read/draw-chart.ts'
import { StoredPoints } from './read/stored-points.ts'
import { readValuesAt } from './read/values-at.ts'
import { axisKeyOf } from './read/x-places.ts'
import { readMetricsBody } from './read-body.ts'
import { runPages } from './run-pages.ts'
import { packKnownTail } from './seal/known-tail.ts'
import { SEAL_LIMITS, type SealLimits } from './seal/limits.ts'
import { openInlineSealer, openWorkerSealer } from './seal/open-sealer.ts'
import { SealLoop } from './seal/seal-loop.ts'
import { SCHEDULE_LIMITS, type ScheduleLimits, SealSchedule } from './seal/seal-schedule.ts'
import type { SealOutcome } from './seal-outcome.ts'
import type { BatchOutcome, DrawnChart, IncomingBatch, MetricStore, SeriesRequest } from './store.ts'
import { gaps, StreamRegistry } from './stream-registry.ts'
import type { TailBatch } from './tail-batch.ts'

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
  /** Writes the summaries that are behind now instead of within a second. */
  flush(): Promise<void>
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
  const latest = new LatestSummaries(sql, heads, stored, dictionary, log, (run) =>
    live.tell({ ...run, kind: 'progress' }),
  )
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
  await latest.start()
  if (sealer !== 'off') {
    for await (const runIds of runPages(sql)) schedule.take(await surveyTails(sql, runIds))
    seals.kick()
  }

  function forget(runId: number): void {
    heads.drop(runId)
    latest.invalidate(runId)
  }

  /** The numbers of keys; those that are new to the workspace are written first. */
  async function numberKeys(batch: IncomingBatch, keys: Iterable<string>): Promise<ReadonlyMap<string, number>> {
    const run = await latest.open(batch.runId, batch.workspaceId, batch.projectId)
    const unseen = new Set<string>()
    for (const key of keys) {
      const id = run.keys.ids.get(key)
      if (id === undefined || !run.metricIds.has(id)) unseen.add(key)
    }
    if (unseen.size > 0) {
      refuseTooManyKeys(run.metricIds.size, [...unseen])
      const { ids } = await dictionary.number(batch.workspaceId, [...unseen])
      // Again: other batches may have brought theirs meanwhile.
      refuseTooManyKeys(
        run.metricIds.size,
        [...unseen].filter((key) => !run.metricIds.has(ids.get(key) as number)),
      )
      if (run.metricIds.size <= KEYS_PER_RUN_WARN && run.metricIds.size + unseen.size > KEYS_PER_RUN_WARN)
        log.warn({ run_id: batch.runId, key: [...unseen][0] }, `A run passes ${KEYS_PER_RUN_WARN} metric keys.`)
      for (const key of unseen) run.metricIds.add(ids.get(key) as number)
    }
    return run.keys.ids
  }

  async function append(batch: IncomingBatch): Promise<BatchOutcome> {
    refuseWhenClosing()
    const leave = admission.enter(batch.body.length)
    try {
      return await admitted(batch)
    } finally {
      leave()
    }
  }

  async function admitted(batch: IncomingBatch): Promise<BatchOutcome> {
    const read = readMetricsBody(batch.body, batch.format)
    const stream = await streams.open(batch.runId, batch.clientId, batch.attempt)
    const { data: packed, groups } = read.number(await numberKeys(batch, read.keys))
    const item: TailBatch = {
      runId: batch.runId,
      stream: stream.stream,
      seq: batch.seq,
      attempt: stream.attempt,
      fence: batch.fence,
      points: read.points,
      data: packed,
      receivedAtMs: 0,
      sealedTo: stream.sealedTo,
    }
    const result = await queue.add(item)
    if (result instanceof Refusal) throw result
    if (result === 'stored' && stream.seqs.has(batch.seq)) {
      // It came again while its first copy was being sealed, and lies in the tail as a row that nobody reads.
      forget(batch.runId)
      return outcome('dup', read.points, read.rejected, stream.seqs)
    }
    if (result === 'stored') {
      const { seq, attempt, points, receivedAtMs, data } = item
      heads.add(batch.runId, { stream: stream.stream, seq, attempt, points, receivedAtMs, data })
      if (sealer !== 'off') {
        schedule.add(batch.runId, points, data.length, receivedAtMs)
        seals.kick()
      }
      const numbered = groups()
      latest.add(batch, attempt, numbered, receivedAtMs)
      tell(batch, 'points', lastStepOf(numbered, latest.peek(batch.runId)?.keys.names), receivedAtMs)
    } else if (!heads.holds(batch.runId, stream.stream, batch.seq)) {
      forget(batch.runId)
      tell(batch, 'points')
    }
    stream.seqs.add(batch.seq)
    return outcome(result, read.points, read.rejected, stream.seqs)
  }

  async function appendConsole(batch: IncomingBatch): Promise<BatchOutcome> {
    refuseWhenClosing()
    const stream = await streams.open(batch.runId, batch.clientId, batch.attempt)
    const { result, written, rejected } = await consoleLog.append(batch, stream)
    if (result instanceof Refusal) throw result
    stream.seqs.add(batch.seq)
    latest.touch(batch)
    if (result === 'stored') tell(batch, 'console')
    return outcome(result, written, rejected, stream.seqs)
  }

  function tell(
    { runId, projectId }: IncomingBatch,
    kind: RunNews['kind'],
    lastStep: number | null = null,
    atMs = Date.now(),
  ): void {
    live.tell({ runId, projectId, lastStep, atMs, kind })
  }

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
      return new Map(runIds.map((runId) => [runId, views(found.get(runId), known)]))
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
    flush: () => latest.flush(),
    seal: (runId, isForced = false) => seals.seal(runId, isForced),
    async close() {
      isClosing = true
      await Promise.all([queue.drained(), consoleLog.drained()])
      await seals.close()
      await latest.close()
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

/** @throws Refusal `cardinality_limit`, naming the keys that do not fit */
function refuseTooManyKeys(known: number, unseen: readonly string[]): void {
  const refused = unseen.slice(Math.max(0, KEYS_PER_RUN_MAX - known))
  const [key] = refused
  if (key === undefined) return
  throw new Refusal(
    'cardinality_limit',
    `A run has at most ${KEYS_PER_RUN_MAX} metric keys; "${key}" was refused. Is a step or a sample number part of the key?`,
    { key, keys: refused.slice(0, 1_000), limit: KEYS_PER_RUN_MAX },
  )
}

/** All that tells one state of a run's points from another: rows leave a head only by a seal, which raises its version. */
const headState = (head: RunHead | undefined) =>
  head && [head.version, head.rewrites, head.rows.length, head.bytes, head.attempts]

const outcome = (
  result: 'stored' | 'dup',
  written: number,
  rejected: BatchOutcome['rejected'],
  seqs: Parameters<typeof gaps>[0],
): BatchOutcome => ({ dup: result === 'dup', written: result === 'dup' ? 0 : written, rejected, ...gaps(seqs) })

/** The last step of a batch, telemetry aside, which counts steps of its own; null when it holds nothing else. */
function lastStepOf(
  groups: readonly { steps: ArrayLike<number>; keys: readonly { key: number }[] }[],
  names: ReadonlyMap<number, string> | undefined,
): number | null {
  let last: number | null = null
  for (const { steps, keys } of groups) {
    const step = steps[steps.length - 1]
    if (step === undefined || (last !== null && step <= last)) continue
    if (keys.some(({ key }) => !isTelemetryKey(names?.get(key) ?? ''))) last = step
  }
  return last
}

const best = ({ min, minStep, max, maxStep }: Summary, orientation: Orientation | null) => ({
  orientation,
  best: orientation === 'lower' ? min : orientation === 'higher' ? max : null,
  best_step: orientation === 'lower' ? minStep : orientation === 'higher' ? maxStep : null,
})

/** Summaries as they are shown, in key order. */
function views(summaries: Map<number, Summary> | undefined, keys: WorkspaceKeys): MetricSummary[] {
  const shown = [...(summaries ?? [])].map(([id, s]) => ({
    key: keys.names.get(id) ?? `metric ${id}`,
    n: s.n,
    first_step: s.firstStep,
    first_value: nonFiniteWord(s.firstValue) ?? s.firstValue,
    last_step: s.lastStep,
    last_value: nonFiniteWord(s.lastValue) ?? s.lastValue,
    last_t: s.lastTime,
    min: s.min,
    min_step: s.minStep,
    max: s.max,
    max_step: s.maxStep,
    ...best(s, keys.orientation(id)),
  }))
  return shown.sort((a, b) => (a.key < b.key ? -1 : 1))
}
