import type { Log } from '../../context.ts'
import type { SealOutcome } from '../seal-outcome.ts'
import type { KnownTail } from './known-tail.ts'
import type { Sealer } from './open-sealer.ts'
import type { SealSchedule } from './seal-schedule.ts'

export interface SealLoopParts {
  schedule: SealSchedule
  sealer: Sealer
  log: Log
  /** What of a run's tail lies in memory. */
  knownOf: (runId: number) => KnownTail | null
  /** A seal is committed: what lies in memory of the run changes with it, at once. */
  sealed: (outcome: SealOutcome) => void
  /** A seal failed, and may have been committed all the same: what lies in memory of the run is not known to be current. */
  doubted: (runId: number) => void
}

const LOOK_EVERY_MS = 1_000

/** Does what the schedule says, one run after another, until it is closed. */
export class SealLoop {
  readonly #parts: SealLoopParts
  readonly #timer: NodeJS.Timeout
  #isBusy = false
  #isClosed = false
  #ended: Promise<void> = Promise.resolve()

  constructor(parts: SealLoopParts) {
    this.#parts = parts
    this.#timer = setInterval(() => this.kick(), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  /** Begins with the next seal, unless one is under way. */
  kick(): void {
    if (this.#isBusy || this.#isClosed) return
    const { schedule } = this.#parts
    const job = schedule.next(Date.now())
    if (!job) return
    this.#isBusy = true
    this.#ended = this.seal(job.runId, job.isForced)
      .then(
        (outcome) => schedule.done(job.runId, outcome),
        (error: unknown) => this.#failed(job.runId, error),
      )
      .finally(() => {
        this.#isBusy = false
        setImmediate(() => this.kick())
      })
  }

  /**
   * Seals a run now, whatever the schedule says.
   *
   * @throws as `Sealer.seal`
   */
  async seal(runId: number, isForced: boolean): Promise<SealOutcome | null> {
    try {
      const outcome = await this.#parts.sealer.seal(runId, isForced, this.#parts.knownOf(runId))
      if (outcome) this.#parts.sealed(outcome)
      return outcome
    } catch (error) {
      this.#parts.doubted(runId)
      throw error
    }
  }

  #failed(runId: number, error: unknown): void {
    const { schedule, log } = this.#parts
    const pauseMs = schedule.failed(runId, Date.now())
    if (this.#isClosed) return
    log.error(
      { err: error, run_id: runId },
      `The metrics of a run could not be sealed; it is tried again in ${pauseMs} ms. Nothing is lost: they stay in its tail.`,
    )
  }

  /** Waits for the seal under way. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#timer)
    await this.#ended
    await this.#parts.sealer.close()
  }
}
