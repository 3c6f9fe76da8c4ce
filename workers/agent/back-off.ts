import { setTimeout as sleep } from 'node:timers/promises'
import { ServerAway } from './server.ts'

/** A server's wish for a pause is followed up to here. */
const RETRY_AFTER_MAX_MS = 5 * 60_000

/** A pause with full jitter: anywhere between nothing and the doubled limit (AWS Architecture Blog, 2015). */
export const jitteredMs = (tries: number, [first, longest]: readonly [number, number], random = Math.random): number =>
  random() * Math.min(first * 2 ** Math.min(tries, 20), longest)

/** Waits; ends early, without an error, when the signal is given. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {})
}

/**
 * Repeats a call while the server is away, for ever or until the signal is given; refusals are thrown at once.
 *
 * @throws ServerAway when the signal was given first; ServerRefusal
 */
export async function untilAnswered<T>(
  call: () => Promise<T>,
  retryMs: readonly [number, number],
  signal: AbortSignal,
  away: (reason: string, tries: number) => void = () => {},
): Promise<T> {
  for (let tries = 0; ; tries++)
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof ServerAway) || signal.aborted) throw error
      away(error.message, tries)
      const wished = Math.min(error.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS)
      await pause(Math.max(wished, jitteredMs(tries, retryMs)), signal)
    }
}
