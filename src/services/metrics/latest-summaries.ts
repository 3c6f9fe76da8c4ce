import type { StoredGroup } from '../../core/metrics/binary-batch.ts'
import { isTelemetryKey } from '../../core/metrics/metric-key.ts'
import { extendSummary, type Summary } from '../../core/metrics/summary.ts'
import { isUnavailable, type Sql } from '../../db/clients.ts'
import { deleteLatest } from '../../db/queries/metrics/delete-latest.ts'
import { findRuns } from '../../db/queries/metrics/find-runs.ts'
import { loadSeries } from '../../db/queries/metrics/load-series.ts'
import { type LatestRow, writeLatest } from '../../db/queries/metrics/write-latest.ts'
import { type Progress, writeProgress } from '../../db/queries/metrics/write-progress.ts'
import type { Log } from '../context.ts'
import { freshRuns } from './fresh-runs.ts'
import type { HeadCache } from './head-cache.ts'
import type { KeyDictionary, WorkspaceKeys } from './key-dictionary.ts'
import type { StoredPoints } from './read/stored-points.ts'
import { summarizeRun } from './read/summarize-run.ts'
import { TOKENS_KEY } from './read/x-places.ts'
import { listMetrics, viewOf } from './read-series.ts'

/** The summaries of one run, current with every acknowledged batch. */
interface LatestRun {
  readonly runId: number
  readonly workspaceId: number
  readonly projectId: number
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
interface Reading {
  /** What came since the moment of which the points are read. */
  missed: { id: number; extend: () => void }[]
  /** The view changed since: what is read is of no use. */
  isVoid: boolean
}

/** A run whose row and summaries in the database are now as new as its points. */
export interface WrittenProgress {
  runId: number
  projectId: number
  lastStep: number | null
  /** When its newest data came. */
  atMs: number
}

const FLUSH_EVERY_MS = 1_000
const ROWS_PER_FLUSH_MAX = 5_000
/** Runs without a word for this long leave the memory once they are written. */
const KEEP_MS = 10 * 60_000
/** Those that have ended do so sooner, and so do, the longest silent first, all beyond `SUMMARIES_MAX`. */
const KEEP_OVER_MS = 10_000
/** Summaries in memory, some 300 bytes each; those that are written to all the time are kept beyond it. */
const SUMMARIES_MAX = 250_000
/** Runs whose tails are read at once after a kill. */
const RUNS_PER_READ = 500
/**
 * Metrics whose steps go back (two writers of one key) are told from all stored points at each flush, which blocks the process. Past so
 * much of it in one flush, they rest ten times as long as it took, at most ten seconds.
 */
const TELLING_MS_MAX = 50
const REST_PER_TELLING = 10
const REST_MS_MAX = 10_000
/** A run that was opened for a batch within this time is written to by this process too. */
const WRITES_HERE_MS = 10_000
/** Summaries are at most this much older than their points; after a kill, runs with points as young as that are told anew. */
const CRASH_WINDOW_MS = 2 * 60_000

/**
 * The latest of every metric, in memory, written behind once a second: written with each batch it would cost small batches three
 * quarters of their speed. With it goes the run's own progress (last step, tokens, contact).
 */
export class LatestSummaries {
  readonly #sql: Sql
  readonly #heads: HeadCache
  readonly #stored: StoredPoints
  readonly #dictionary: KeyDictionary
  readonly #log: Log
  readonly #runs = new Map<number, LatestRun>()
  readonly #opening = new Map<number, Promise<LatestRun>>()
  /** Runs that were not in memory when a batch of theirs was committed: they are opened and told anew. */
  readonly #left = new Map<number, RunPlace>()
  /** When data without points came of runs that are not in memory. */
  readonly #contacts = new Map<number, { projectId: number; atMs: number }>()
  readonly #limits: { summaries: number; keepMs: number; keepOverMs: number }
  #timer: NodeJS.Timeout | null = null
  /** Time that went into telling metrics from stored points so far. */
  #toldMs = 0
  /** Until then the clock's flushes tell none. */
  #restUntilMs = 0
  #flushing: Promise<void> = Promise.resolve()
  readonly #onWritten: (progress: WrittenProgress) => void

  constructor(
    sql: Sql,
    heads: HeadCache,
    stored: StoredPoints,
    dictionary: KeyDictionary,
    log: Log,
    onWritten: (progress: WrittenProgress) => void = () => {},
    limits = { summaries: SUMMARIES_MAX, keepMs: KEEP_MS, keepOverMs: KEEP_OVER_MS },
  ) {
    this.#onWritten = onWritten
    this.#limits = limits
    this.#sql = sql
    this.#heads = heads
    this.#stored = stored
    this.#dictionary = dictionary
    this.#log = log
  }

  /** Tells anew what a killed server may have left behind, and begins to write. */
  async start(): Promise<void> {
    const fresh = (await findRuns(this.#sql, await freshRuns(this.#sql, CRASH_WINDOW_MS))).filter((r) => !r.isDeleted)
    for (let at = 0; at < fresh.length; at += RUNS_PER_READ) {
      const some = fresh.slice(at, at + RUNS_PER_READ)
      await this.#heads.open(some.map((run) => run.id))
      for (const run of some) {
        await this.open(run.id, run.workspaceId, run.projectId)
        this.invalidate(run.id)
      }
    }
    this.#timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS)
    this.#timer.unref()
  }

  /** The run's summaries; the first time they are told from its stored points. */
  open(runId: number, workspaceId: number, projectId: number): Promise<LatestRun> {
    const run = this.#runs.get(runId)
    if (run) {
      run.touchedAtMs = Date.now()
      return Promise.resolve(run)
    }
    let opening = this.#opening.get(runId)
    if (!opening) {
      opening = this.#load(runId, workspaceId, projectId).finally(() => this.#opening.delete(runId))
      this.#opening.set(runId, opening)
    }
    return opening
  }

  async #load(runId: number, workspaceId: number, projectId: number): Promise<LatestRun> {
    const [{ metricIds, mayLack }, keys] = await Promise.all([
      this.#storedMetrics(runId),
      this.#dictionary.open(workspaceId),
    ])
    const run: LatestRun = {
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
    }
    this.#runs.set(runId, run)
    return run
  }

  async #storedMetrics(runId: number): Promise<{ metricIds: Set<number>; mayLack: boolean }> {
    const head = (await this.#heads.open([runId])).get(runId)
    const metricIds = head ? listMetrics(head) : new Set<number>()
    // The head first: what a seal takes out of it in between is then found among the sealed.
    if (head && head.version > 0)
      for (const { series } of await loadSeries(this.#sql, [runId], null))
        for (const { metricId } of series) metricIds.add(metricId)
    return { metricIds, mayLack: head?.isBehind === true }
  }

  /** The summaries in memory; null when the run is not there, and the database has them. */
  peek(runId: number): LatestRun | null {
    return this.#runs.get(runId) ?? null
  }

  /** Takes a batch that was committed and lies in the head, if that is in memory. */
  add(of: RunPlace, attempt: number, groups: readonly StoredGroup[], receivedAtMs: number): void {
    const { runId, workspaceId, projectId } = of
    const run = this.#runs.get(runId)
    if (!run) {
      this.#left.set(runId, { runId, workspaceId, projectId })
      return
    }
    run.touchedAtMs = receivedAtMs
    run.contactAtMs = receivedAtMs
    run.isProgressDirty = true
    const head = this.#heads.peek(runId)
    const view = head && viewOf(head)
    for (const { steps, times, keys } of groups)
      for (const { key: id, values } of keys) {
        run.metricIds.add(id)
        run.dirty.add(id)
        const range = view?.(attempt, isTelemetryKey(run.keys.names.get(id) ?? ''))
        const first = steps[0] as number
        const last = steps[steps.length - 1] as number
        const isInView = range && first >= range.from && last < range.to
        const known = run.metrics.get(id)
        if (known !== 'stale') extendMetric(run, id, isInView === true, steps, times, receivedAtMs, values)
        else if (run.readings.size > 0) noteMissed(run, id, isInView === true, steps, times, receivedAtMs, values)
      }
  }

  /** Data came that holds no points, such as console lines. */
  touch({ runId, projectId }: Pick<RunPlace, 'runId' | 'projectId'>): void {
    const run = this.#runs.get(runId)
    if (!run) {
      this.#contacts.set(runId, { projectId, atMs: Date.now() })
      return
    }
    run.contactAtMs = Date.now()
    run.isProgressDirty = true
  }

  /** The run has ended, or goes on. */
  setOver(runId: number, isOver: boolean): void {
    const run = this.#runs.get(runId)
    if (run) run.isOver = isOver
  }

  /** Forgets a run without writing what is behind of it: its stored data is another's to change. */
  drop(runId: number): void {
    this.#runs.delete(runId)
    this.#left.delete(runId)
    this.#contacts.delete(runId)
  }

  /** Runs and summaries in memory. */
  get size(): { runs: number; summaries: number } {
    let summaries = 0
    for (const run of this.#runs.values()) summaries += run.metrics.size
    return { runs: this.#runs.size, summaries }
  }

  /** The default view changed, or what is stored is not known: everything is told anew. */
  invalidate(runId: number): void {
    const run = this.#runs.get(runId)
    if (!run) return
    for (const reading of run.readings) reading.isVoid = true
    for (const id of run.metricIds) {
      run.metrics.set(id, 'stale')
      run.dirty.add(id)
    }
    run.isProgressDirty = true
  }

  /**
   * Another process wrote to these runs, or may have to any. It writes their summaries too: those that lie here leave the memory, but
   * where this process writes as well they are told anew.
   */
  noteForeignWrites(runIds: readonly number[] | 'all'): void {
    for (const runId of runIds === 'all' ? [...this.#runs.keys()] : runIds) {
      const run = this.#runs.get(runId)
      if (!run) continue
      const isOurs = run.dirty.size > 0 || run.isProgressDirty || Date.now() - run.touchedAtMs < WRITES_HERE_MS
      if (isOurs) {
        run.mayLack = true
        this.invalidate(runId)
      } else this.#runs.delete(runId)
    }
  }

  /**
   * The current summaries of a run in memory; metrics of which the default view has nothing are left out.
   *
   * @param metricIds null: of all its metrics
   */
  async current(run: LatestRun, metricIds: Iterable<number> | null): Promise<Map<number, Summary>> {
    if (run.mayLack) await this.#takeForeign(run)
    const wanted = [...(metricIds ?? run.metricIds)].filter((id) => run.metrics.has(id))
    const told = await this.#refresh(
      run,
      wanted.filter((id) => run.metrics.get(id) === 'stale'),
    )
    const current = new Map<number, Summary>()
    for (const id of wanted) {
      const summary = run.metrics.get(id)
      // Stale again already: what was told a moment ago is an answer, but nothing to build on.
      const known = summary === 'stale' ? told.get(id) : summary
      if (known) current.set(id, known)
    }
    return current
  }

  /** Takes metrics that only another process wrote; their rows in the database are its own to write. */
  async #takeForeign(run: LatestRun): Promise<void> {
    run.mayLack = false
    try {
      const { metricIds, mayLack } = await this.#storedMetrics(run.runId)
      run.mayLack ||= mayLack
      for (const id of metricIds) {
        if (run.metricIds.has(id)) continue
        run.metricIds.add(id)
        run.metrics.set(id, 'stale')
      }
    } catch (error) {
      run.mayLack = true
      throw error
    }
  }

  /** Tells these metrics from the stored points, those that came meanwhile included. */
  async #refresh(run: LatestRun, ids: readonly number[]): Promise<Map<number, Summary>> {
    if (ids.length === 0) return new Map()
    await this.#dictionary.openFor(run.workspaceId, ids)
    const wanted = new Map(ids.map((id) => [id, isTelemetryKey(run.keys.names.get(id) ?? '')]))
    const reading: Reading = { missed: [], isVoid: false }
    run.readings.add(reading)
    const startedAt = performance.now()
    try {
      const told = await summarizeRun(this.#stored, run.runId, wanted, (isCurrent) => {
        reading.missed = []
        reading.isVoid = !isCurrent
      })
      if (reading.isVoid) return told
      const taken = new Set(ids.filter((id) => run.metrics.get(id) === 'stale'))
      for (const id of taken) {
        const summary = told.get(id)
        if (summary) run.metrics.set(id, { ...summary })
        else {
          // Superseded as a whole: it is known, and empty.
          run.metrics.delete(id)
          run.dirty.add(id)
        }
      }
      for (const { id, extend } of reading.missed) if (taken.has(id)) extend()
      return told
    } finally {
      run.readings.delete(reading)
      this.#toldMs += performance.now() - startedAt
    }
  }

  /** Writes what is behind, one flush at a time. What fails is tried again with the next. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(async () => {
      try {
        await this.#write()
      } catch (error) {
        this.#log.warn({ err: error }, 'Summaries of metrics could not be written; they are tried again in a second.')
      }
    })
    return this.#flushing
  }

  /** Writes all that is behind. For a clean end. */
  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    await this.#flushing
    const isBehind = () =>
      this.#left.size > 0 ||
      this.#contacts.size > 0 ||
      [...this.#runs.values()].some((run) => !isWritten(run) && performance.now() >= run.restsUntilMs)
    while (isBehind()) {
      this.#restUntilMs = 0
      await this.#write()
    }
  }

  async #write(): Promise<void> {
    await this.#openLeft()
    const rows: LatestRow[] = []
    const progress: Progress[] = []
    const taken: { run: LatestRun; ids: number[]; gone: number[]; hasProgress: boolean }[] = []
    const contacts = new Map(this.#contacts)
    let left = ROWS_PER_FLUSH_MAX
    const toldBefore = this.#toldMs
    const mayTell = () => this.#toldMs - toldBefore < TELLING_MS_MAX && performance.now() >= this.#restUntilMs
    try {
      for (const run of [...this.#runs.values()]) {
        const rests =
          mayTell() && performance.now() >= run.restsUntilMs ? null : (id: number) => run.metrics.get(id) === 'stale'
        const dirty = [...run.dirty]
        let ids = (rests ? dirty.filter((id) => !rests(id)) : dirty).slice(0, left)
        const hasProgress = run.isProgressDirty
        if (ids.length === 0 && !hasProgress) continue
        const current = await this.#currentOrNone(run, ids)
        if (!current) ids = []
        left -= ids.length
        if (ids.length > 0 && this.#runs.get(run.runId) === run) {
          // Behind all others: the next flush, which may not come as far as this one's end, begins with one of them.
          this.#runs.delete(run.runId)
          this.#runs.set(run.runId, run)
        }
        const gone = ids.filter((id) => !run.metrics.has(id))
        // A batch that came while these were read has marked its metrics again.
        for (const id of ids) if (run.metrics.get(id) === current?.get(id)) run.dirty.delete(id)
        for (const [metricId, summary] of current ?? [])
          rows.push({ runId: run.runId, metricId, projectId: run.projectId, summary: { ...summary } })
        if (hasProgress) {
          // What rests is not known: the rest of it is told with the next telling.
          run.isProgressDirty = [...run.dirty].some((id) => run.metrics.get(id) === 'stale')
          progress.push(progressOf(run))
        }
        taken.push({ run, ids, gone, hasProgress })
      }
      const told = this.#toldMs - toldBefore
      if (told >= TELLING_MS_MAX) this.#restUntilMs = performance.now() + Math.min(told * REST_PER_TELLING, REST_MS_MAX)
      const projects = new Map(taken.map(({ run }) => [run.runId, run.projectId]))
      for (const [runId, { projectId, atMs }] of contacts) {
        if (projects.has(runId)) continue
        projects.set(runId, projectId)
        progress.push({ runId, lastStep: null, tokens: null, isWhole: false, contactAtMs: atMs })
      }
      if (rows.length > 0) await writeLatest(this.#sql, rows)
      for (const { run, gone } of taken) if (gone.length > 0) await deleteLatest(this.#sql, run.runId, gone)
      if (progress.length > 0) await writeProgress(this.#sql, progress)
      for (const [runId, contact] of contacts) if (this.#contacts.get(runId) === contact) this.#contacts.delete(runId)
      for (const { runId, lastStep, contactAtMs } of progress)
        this.#onWritten({ runId, projectId: projects.get(runId) ?? 0, lastStep, atMs: contactAtMs ?? Date.now() })
    } catch (error) {
      for (const { run, ids, hasProgress } of taken) {
        for (const id of ids) run.dirty.add(id)
        run.isProgressDirty ||= hasProgress
      }
      throw error
    }
    this.#forgetSilent()
  }

  /** As `current`; null when the points of this one run cannot be read. @throws while the database is away */
  async #currentOrNone(run: LatestRun, ids: readonly number[]): Promise<Map<number, Summary> | null> {
    try {
      return await this.current(run, ids)
    } catch (error) {
      if (isUnavailable(error)) throw error
      run.restsUntilMs = performance.now() + REST_MS_MAX
      this.#log.error(
        { err: error, run_id: run.runId },
        'The summaries of a run could not be told; they are tried again.',
      )
      return null
    }
  }

  /** A batch of these was committed while they were not in memory: all of them that is stored is told anew. */
  async #openLeft(): Promise<void> {
    for (const place of [...this.#left.values()]) {
      const { runId, workspaceId, projectId } = place
      const run = await this.open(runId, workspaceId, projectId)
      if (this.#left.get(runId) === place) this.#left.delete(runId)
      this.invalidate(runId)
      run.contactAtMs = Date.now()
    }
  }

  /** Forgets runs whose rows in the database are as new as their points; they come back with their next batch. */
  #forgetSilent(): void {
    const { summaries: most, keepMs, keepOverMs } = this.#limits
    const now = Date.now()
    const silent: LatestRun[] = []
    for (const run of this.#runs.values()) {
      const silentMs = now - run.touchedAtMs
      if (silentMs <= keepOverMs || !isWritten(run) || run.readings.size > 0) continue
      if (run.isOver || silentMs > keepMs) this.#runs.delete(run.runId)
      else silent.push(run)
    }
    let { summaries } = this.size
    if (summaries <= most) return
    for (const run of silent.sort((a, b) => a.touchedAtMs - b.touchedAtMs)) {
      if (summaries <= most) return
      summaries -= run.metrics.size
      this.#runs.delete(run.runId)
    }
  }
}

const isWritten = (run: LatestRun): boolean => run.dirty.size === 0 && !run.isProgressDirty

/** What the run's row says of its points: the greatest step of any metric but telemetry as far as it is known, and the tokens seen. */
function progressOf(run: LatestRun): Progress {
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
function noteMissed(run: LatestRun, id: number, ...points: PointsOfMetric): void {
  const extend = () => extendMetric(run, id, ...points)
  for (const reading of run.readings) reading.missed.push({ id, extend })
}

type PointsOfMetric = Parameters<typeof extendMetric> extends [LatestRun, number, ...infer Rest] ? Rest : never

/** Puts points behind a metric's summary; what cannot be told without the stored points is stale. */
function extendMetric(
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
