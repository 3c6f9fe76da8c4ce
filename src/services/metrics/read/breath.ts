import { setImmediate as nextTurn } from 'node:timers/promises'

/** A large chart lets other requests through this often. */
const BREATH_MS = 10

/** Lets others have a turn once so much time has gone by without one. */
export class Breath {
  #since = performance.now()

  /** Resolves at once, or after one turn of the event loop when the time is up. */
  async take(): Promise<void> {
    if (!this.isDue) return
    await nextTurn()
    this.#since = performance.now()
  }

  /** Asked first in a hot loop: waiting for a promise that is there already costs as well. */
  get isDue(): boolean {
    return performance.now() - this.#since >= BREATH_MS
  }
}
