import type { StoredGroup } from '../../core/metrics/binary-batch.ts'
import { isTelemetryKey } from '../../core/metrics/metric-key.ts'
import type { Summary } from '../../core/metrics/summary.ts'
import type { Sql } from '../../db/clients.ts'
import { loadSeries } from '../../db/queries/metrics/load-series.ts'
import type { HeadCache } from './head-cache.ts'
import type { KeyDictionary } from './key-dictionary.ts'
import {
  extendMetric,
  isWritten,
  type LatestRun,
  makeStale,
  noteMissed,
  type Reading,
  type RunPlace,
  unreadRun,
} from './latest-run.ts'
import type { StoredPoints } from './read/stored-points.ts'
import { summarizeRun } from './read/summarize-run.ts'
import { listMetrics, viewOf } from './read-series.ts'

/** When data without points came of a run that is not in memory. */
export interface Contact {
  projectId: number
  atMs: number
}

/** Runs without a word for this long leave the memory once they are written. */
const KEEP_MS = 10 * 60_000
/** Those that have ended do so sooner, and so do, the longest silent first, all beyond `SUMMARIES_MAX`. */
const KEEP_OVER_MS = 10_000
/** Summaries in memory, some 300 bytes each; those that are written to all the time are kept beyond it. */
const SUMMARIES_MAX = 250_000
/** A run that was opened for a batch within this time is written to by this process too. */
const WRITES_HERE_MS = 10_000

/** The latest of every metric, in memory, current with every acknowledged batch. `SummaryWriter` writes them behind. */
export class LatestSummaries {
  readonly #sql: Sql
  readonly #heads: HeadCache
  readonly #stored: StoredPoints
  readonly #dictionary: KeyDictionary
  readonly #runs = new Map<number, LatestRun>()
  readonly #opening = new Map<number, Promise<LatestRun>>()
  /** Runs that were not in memory when a batch of theirs was committed: they are opened and told anew. */
  readonly #left = new Map<number, RunPlace>()
  readonly #contacts = new Map<number, Contact>()
  readonly #limits: { summaries: number; keepMs: number; keepOverMs: number }
  /** Time that went into telling metrics from stored points so far. */
  #toldMs = 0

  constructor(
    sql: Sql,
    heads: HeadCache,
    stored: StoredPoints,
    dictionary: KeyDictionary,
    limits = { summaries: SUMMARIES_MAX, keepMs: KEEP_MS, keepOverMs: KEEP_OVER_MS },
  ) {
    this.#limits = limits
    this.#sql = sql
    this.#heads = heads
    this.#stored = stored
    this.#dictionary = dictionary
  }

  /** The run's summaries; the first time they are told from its stored points. */
  open(runId: number, workspaceId: number, projectId: number): Promise<LatestRun> {
    const run = this.#runs.get(runId)
    if (run) {
      run.touchedAtMs = Date.now()
      run.projectId = projectId
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
    const [metrics, keys] = await Promise.all([this.#storedMetrics(runId), this.#dictionary.open(workspaceId)])
    const run = unreadRun({ runId, workspaceId, projectId }, keys, metrics)
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
    if (run) makeStale(run)
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

  /** The runs in memory; the one that waits longest for its turn first. */
  get runs(): LatestRun[] {
    return [...this.#runs.values()]
  }

  /** Puts a run that had its turn behind all others. */
  moveBehind(run: LatestRun): void {
    if (this.#runs.get(run.runId) !== run) return
    this.#runs.delete(run.runId)
    this.#runs.set(run.runId, run)
  }

  /** Contacts that no row tells of yet. */
  get contacts(): ReadonlyMap<number, Contact> {
    return new Map(this.#contacts)
  }

  /** These contacts are written; newer ones stay. */
  settle(contacts: ReadonlyMap<number, Contact>): void {
    for (const [runId, contact] of contacts) if (this.#contacts.get(runId) === contact) this.#contacts.delete(runId)
  }

  /** Batches or contacts of runs that are not in memory wait to be told of. */
  get hasOthers(): boolean {
    return this.#left.size > 0 || this.#contacts.size > 0
  }

  /** Milliseconds that went into telling metrics from stored points so far. */
  get toldMs(): number {
    return this.#toldMs
  }

  /** A batch of these was committed while they were not in memory: all of them that is stored is told anew. */
  async openLeft(): Promise<void> {
    for (const place of [...this.#left.values()]) {
      const { runId, workspaceId, projectId } = place
      const run = await this.open(runId, workspaceId, projectId)
      if (this.#left.get(runId) === place) this.#left.delete(runId)
      this.invalidate(runId)
      run.contactAtMs = Date.now()
    }
  }

  /** Forgets runs whose rows in the database are as new as their points; they come back with their next batch. */
  forgetSilent(): void {
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
