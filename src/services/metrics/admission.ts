import { Refusal } from '../errors.ts'
import { SCHEDULE_LIMITS, type ScheduleLimits, type SealSchedule } from './seal/seal-schedule.ts'

const RETRY_S_MAX = 5

/** Bodies that wait for their commit. */
export const WAITING_BYTES_MAX = 64 * 1024 * 1024

/** Decides whether a batch of points is taken now: never more than fits into memory, or than is sealed in time. */
export class Admission {
  readonly #schedule: SealSchedule
  readonly #limits: ScheduleLimits
  readonly #bytesMax: number
  #bytes = 0

  constructor(schedule: SealSchedule, limits = SCHEDULE_LIMITS, bytesMax = WAITING_BYTES_MAX) {
    this.#schedule = schedule
    this.#limits = limits
    this.#bytesMax = bytesMax
  }

  /**
   * Lets a body in.
   *
   * @returns to be called once it is committed or refused
   * @throws Refusal `overloaded`
   */
  enter(bytes: number): () => void {
    if (this.#bytes > 0 && this.#bytes + bytes > this.#bytesMax)
      throw new Refusal(
        'overloaded',
        `Batches of ${this.#bytes} bytes wait to be stored; more than ${this.#bytesMax} are not kept waiting. Send this one again in a second.`,
        { category: 'metrics', limit: this.#bytesMax, retry_after_s: 1 },
      )
    if (this.#schedule.isBehind) throw this.#behind()
    this.#bytes += bytes
    let isInside = true
    return () => {
      if (isInside) this.#bytes -= bytes
      isInside = false
    }
  }

  #behind(): Refusal {
    const { runs, points } = this.#schedule.behind
    const { runsBehind, pointsBehind } = this.#limits
    const share = Math.max(runs / runsBehind, points / pointsBehind)
    const seconds = Math.min(RETRY_S_MAX, Math.max(1, Math.ceil(share)))
    return new Refusal(
      'overloaded',
      `${points} points of ${runs} runs wait to be packed, which is more than the server keeps waiting. Send the batch again in ${seconds} s; nothing that was acknowledged is lost.`,
      {
        category: 'metrics',
        limit: points > pointsBehind ? pointsBehind : runsBehind,
        retry_after_s: seconds,
      },
    )
  }
}
