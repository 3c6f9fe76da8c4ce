import type { Summary } from '../../core/metrics/summary.ts'
import { isUnavailable, type Sql } from '../../db/clients.ts'
import { deleteLatest } from '../../db/queries/metrics/delete-latest.ts'
import { findRuns } from '../../db/queries/metrics/find-runs.ts'
import { type LatestRow, writeLatest } from '../../db/queries/metrics/write-latest.ts'
import { type Progress, writeProgress } from '../../db/queries/metrics/write-progress.ts'
import type { Log } from '../context.ts'
import { freshRuns } from './fresh-runs.ts'
import type { HeadCache } from './head-cache.ts'
import { isWritten, type LatestRun, progressOf } from './latest-run.ts'
import type { LatestSummaries } from './latest-summaries.ts'

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
/** Runs whose tails are read at once after a kill. */
const RUNS_PER_READ = 500
/**
 * Metrics whose steps go back (two writers of one key) are told from all stored points at each flush, which blocks the process. Past so
 * much of it in one flush, they rest ten times as long as it took, at most ten seconds.
 */
const TELLING_MS_MAX = 50
const REST_PER_TELLING = 10
const REST_MS_MAX = 10_000
/** Summaries are at most this much older than their points; after a kill, runs with points as young as that are told anew. */
const CRASH_WINDOW_MS = 2 * 60_000

/**
 * Writes summaries behind, once a second: written with each batch they would cost small batches three quarters of their speed.
 * With them goes the run's own progress (last step, tokens, contact).
 */
export class SummaryWriter {
  readonly #sql: Sql
  readonly #latest: LatestSummaries
  readonly #log: Log
  readonly #onWritten: (progress: WrittenProgress) => void
  #timer: NodeJS.Timeout | null = null
  /** Until then the clock's flushes tell no metric from stored points. */
  #restUntilMs = 0
  /** Runs that are written with the next flush as a whole, rested or not. */
  #asked = new Set<number>()
  #flushing: Promise<void> = Promise.resolve()
  /** The flush that has not begun yet: it writes for all who ask until then. */
  #next: Promise<void> | null = null

  constructor(sql: Sql, latest: LatestSummaries, log: Log, onWritten: (progress: WrittenProgress) => void = () => {}) {
    this.#sql = sql
    this.#latest = latest
    this.#log = log
    this.#onWritten = onWritten
  }

  /** Tells anew what a killed server may have left behind, and begins to write. */
  async start(heads: HeadCache): Promise<void> {
    const fresh = (await findRuns(this.#sql, await freshRuns(this.#sql, CRASH_WINDOW_MS))).filter((r) => !r.isDeleted)
    for (let at = 0; at < fresh.length; at += RUNS_PER_READ) {
      const some = fresh.slice(at, at + RUNS_PER_READ)
      await heads.open(some.map((run) => run.id))
      for (const run of some) {
        await this.#latest.open(run.id, run.workspaceId, run.projectId)
        this.#latest.invalidate(run.id)
      }
    }
    this.#timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS)
    this.#timer.unref()
  }

  /**
   * Writes what is behind, one flush at a time. What fails is tried again with the next.
   *
   * @param runId a run of which nothing may stay behind: its metrics do not rest, and are not bounded by what a flush writes of others
   */
  flush(runId?: number): Promise<void> {
    if (runId !== undefined) this.#asked.add(runId)
    this.#next ??= this.#flushing = this.#flushing.then(async () => {
      this.#next = null
      try {
        await this.#write()
      } catch (error) {
        this.#log.warn({ err: error }, 'Summaries of metrics could not be written; they are tried again in a second.')
      }
    })
    return this.#next
  }

  /** Writes all that is behind. For a clean end. */
  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    await this.#flushing
    const isBehind = () =>
      this.#latest.hasOthers ||
      this.#latest.runs.some((run) => !isWritten(run) && performance.now() >= run.restsUntilMs)
    while (isBehind()) {
      this.#restUntilMs = 0
      await this.#write()
    }
  }

  async #write(): Promise<void> {
    await this.#latest.openLeft()
    const asked = this.#asked
    this.#asked = new Set()
    const rows: LatestRow[] = []
    const progress: Progress[] = []
    const taken: { run: LatestRun; ids: number[]; gone: number[]; hasProgress: boolean }[] = []
    const { contacts } = this.#latest
    let left = ROWS_PER_FLUSH_MAX
    const toldBefore = this.#latest.toldMs
    const mayTell = () => this.#latest.toldMs - toldBefore < TELLING_MS_MAX && performance.now() >= this.#restUntilMs
    try {
      for (const run of this.#latest.runs) {
        const isAsked = asked.has(run.runId)
        const rests =
          isAsked || (mayTell() && performance.now() >= run.restsUntilMs)
            ? null
            : (id: number) => run.metrics.get(id) === 'stale'
        const dirty = [...run.dirty]
        let ids = (rests ? dirty.filter((id) => !rests(id)) : dirty).slice(
          0,
          isAsked ? dirty.length : Math.max(0, left),
        )
        const hasProgress = run.isProgressDirty
        if (ids.length === 0 && !hasProgress) continue
        const current = await this.#currentOrNone(run, ids)
        if (!current) ids = []
        left -= ids.length
        // The next flush, which may not come as far as this one's end, begins with one of the others.
        if (ids.length > 0) this.#latest.moveBehind(run)
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
      const told = this.#latest.toldMs - toldBefore
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
      this.#latest.settle(contacts)
      for (const { runId, lastStep, contactAtMs } of progress)
        this.#onWritten({ runId, projectId: projects.get(runId) ?? 0, lastStep, atMs: contactAtMs ?? Date.now() })
    } catch (error) {
      for (const runId of asked) this.#asked.add(runId)
      for (const { run, ids, hasProgress } of taken) {
        for (const id of ids) run.dirty.add(id)
        run.isProgressDirty ||= hasProgress
      }
      throw error
    }
    this.#latest.forgetSilent()
  }

  /** As `current`; null when the points of this one run cannot be read. @throws while the database is away */
  async #currentOrNone(run: LatestRun, ids: readonly number[]): Promise<Map<number, Summary> | null> {
    try {
      return await this.#latest.current(run, ids)
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
}
