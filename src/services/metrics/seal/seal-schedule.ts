import type { TailSize } from '../../../db/queries/metrics/seal/survey-tails.ts'
import type { SealOutcome } from '../seal-outcome.ts'

/** When a run is sealed, and how far behind that may be. */
export interface ScheduleLimits {
  /** A tail is sealed at either size. */
  points: number
  bytes: number
  /** A run without data for so long is sealed when it has more rows than this: one point a minute is not. */
  idleMs: number
  idleRows: number
  /** Data that come after the end of a run wait for company this long. */
  lateMs: number
  /** No batch is taken while so many runs, or points of such runs, wait. */
  runsBehind: number
  pointsBehind: number
  /** First and longest pause after a seal that failed. */
  retryMs: number
  retryMsMax: number
}

/** The usual 20 keys have 4,096 steps at 80,000 points. */
export const SCHEDULE_LIMITS: ScheduleLimits = {
  points: 80_000,
  bytes: 512_000,
  idleMs: 10 * 60_000,
  idleRows: 64,
  lateMs: 2_000,
  runsBehind: 30,
  pointsBehind: 5_000_000,
  retryMs: 1_000,
  retryMsMax: 5 * 60_000,
}

interface Waiting {
  rows: number
  points: number
  bytes: number
  carriedPoints: number
  newestMs: number
  isFinished: boolean
  /** Another process may have written what is not counted here. */
  isUnsure: boolean
  failures: number
  notBeforeMs: number
}

/** A seal that is to be done. */
export interface SealJob {
  runId: number
  isForced: boolean
}

/** Runs of which nothing waits are remembered so long as they are few: late data of an ended run are to be sealed too. */
const REMEMBERED_MAX = 50_000

/**
 * Knows how much of each run waits, and which one is to be sealed next. It counts what is committed and asks no database. One seal runs
 * at a time.
 */
export class SealSchedule {
  readonly #limits: ScheduleLimits
  readonly #runs = new Map<number, Waiting>()
  /** Runs that have something to be sealed, in the order in which they came to it. */
  readonly #due = new Set<number>()
  /** Sizes as they were when the running job began. */
  #job: (SealJob & { rows: number; points: number; bytes: number }) | null = null
  #idleLookMs = 0

  constructor(limits: ScheduleLimits = SCHEDULE_LIMITS) {
    this.#limits = limits
  }

  /** Takes what the database has. */
  take(sizes: readonly TailSize[]): void {
    for (const { runId, ...size } of sizes) {
      this.#runs.set(runId, { ...size, isUnsure: false, failures: 0, notBeforeMs: 0 })
      this.#judge(runId)
    }
  }

  /** A batch was committed. */
  add(runId: number, points: number, bytes: number, atMs: number): void {
    const run = this.#open(runId)
    run.rows++
    run.points += points
    run.bytes += bytes
    run.newestMs = atMs
    this.#judge(runId)
  }

  /** The run has ended, or goes on. */
  setFinished(runId: number, isFinished: boolean): void {
    if (!isFinished && !this.#runs.has(runId)) return
    const run = this.#open(runId)
    run.isFinished = isFinished
    run.isUnsure = isFinished
    this.#judge(runId)
  }

  /** The run is gone. */
  forget(runId: number): void {
    this.#runs.delete(runId)
    this.#due.delete(runId)
    // What comes from now on is no part of the job.
    if (this.#job?.runId === runId) this.#job = null
  }

  /** The next seal; it must be told `done` or `failed` before another is asked for. Null: nothing is to be done now. */
  next(nowMs: number): SealJob | null {
    this.#judgeIdle(nowMs)
    for (const runId of this.#due) {
      const run = this.#runs.get(runId)
      if (!run || run.notBeforeMs > nowMs) continue
      if (run.isFinished && !this.#isLarge(run) && run.newestMs + this.#limits.lateMs > nowMs && run.newestMs <= nowMs)
        continue
      // Behind the others: a run that is written to all the time lets them pass.
      this.#due.delete(runId)
      this.#due.add(runId)
      const job: SealJob = { runId, isForced: run.isFinished }
      this.#job = { ...job, rows: run.rows, points: run.points, bytes: run.bytes }
      return job
    }
    return null
  }

  /**
   * A seal has ended.
   *
   * @param outcome null when there was nothing to do
   */
  done(runId: number, outcome: SealOutcome | null): void {
    const run = this.#runs.get(runId)
    if (!run) return
    run.failures = 0
    run.notBeforeMs = 0
    // A job that began before the run ended has not looked at what came then.
    if (this.#job?.isForced) run.isUnsure = false
    if (!outcome?.isPartial && this.#job?.runId === runId) {
      // What was counted while it ran may or may not be sealed already: it counts until the next seal, and no longer.
      run.rows -= this.#job.rows
      run.points -= this.#job.points
      run.bytes -= this.#job.bytes
    }
    run.carriedPoints = outcome?.carried.reduce((n, row) => n + row.points, 0) ?? 0
    this.#job = null
    this.#due.delete(runId)
    if (outcome?.isPartial) this.#due.add(runId)
    else this.#judge(runId)
    this.#trim()
  }

  /** A seal has failed: it is tried again later, and others go first. Answers when, in ms. */
  failed(runId: number, nowMs: number): number {
    this.#job = null
    const run = this.#runs.get(runId)
    if (!run) return 0
    const pauseMs = Math.min(this.#limits.retryMs * 2 ** run.failures, this.#limits.retryMsMax)
    run.failures++
    run.notBeforeMs = nowMs + pauseMs
    return pauseMs
  }

  /** How many runs, and points of them, are past their size and not sealed yet. Those whose seal fails are left out. */
  get behind(): { runs: number; points: number } {
    let [runs, points] = [0, 0]
    for (const runId of this.#due) {
      const run = this.#runs.get(runId)
      if (!run || run.failures > 0 || !this.#isLarge(run)) continue
      runs++
      points += run.points
    }
    return { runs, points }
  }

  /** Is so much waiting that nothing more should be taken? */
  get isBehind(): boolean {
    const { runsBehind, pointsBehind } = this.#limits
    if (this.#due.size === 0) return false
    const { runs, points } = this.behind
    return runs > runsBehind || points > pointsBehind
  }

  #open(runId: number): Waiting {
    let run = this.#runs.get(runId)
    if (!run) {
      run = {
        rows: 0,
        points: 0,
        bytes: 0,
        carriedPoints: 0,
        newestMs: 0,
        isFinished: false,
        isUnsure: false,
        failures: 0,
        notBeforeMs: 0,
      }
      this.#runs.set(runId, run)
    }
    return run
  }

  #judge(runId: number): void {
    const run = this.#runs.get(runId)
    if (!run || this.#due.has(runId)) return
    if (this.#isLarge(run) || (run.isFinished && (run.rows > 0 || run.carriedPoints > 0 || run.isUnsure)))
      this.#due.add(runId)
  }

  /** Carried points are written again with each seal: a run of very many keys waits until it has as many new ones. */
  #isLarge({ points, bytes, carriedPoints }: Waiting): boolean {
    return (points >= this.#limits.points || bytes >= this.#limits.bytes) && points >= carriedPoints
  }

  #judgeIdle(nowMs: number): void {
    const { idleMs, idleRows } = this.#limits
    if (nowMs - this.#idleLookMs < Math.min(10_000, idleMs / 10)) return
    this.#idleLookMs = nowMs
    for (const [runId, run] of this.#runs)
      if (run.rows > idleRows && run.newestMs + idleMs <= nowMs) this.#due.add(runId)
  }

  #trim(): void {
    if (this.#runs.size <= REMEMBERED_MAX) return
    for (const [runId, run] of this.#runs) {
      if (this.#runs.size <= REMEMBERED_MAX) return
      if (run.rows <= 0 && run.carriedPoints === 0) this.#runs.delete(runId)
    }
  }
}
