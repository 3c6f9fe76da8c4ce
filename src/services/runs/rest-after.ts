import { setTimeout } from 'node:timers/promises'

const REST_MS_MAX = 250

/** Waits as long as a piece of background work took, at most a quarter of a second: half of the time belongs to others. */
export async function restAfter(workMs: number): Promise<void> {
  await setTimeout(Math.min(workMs, REST_MS_MAX))
}
