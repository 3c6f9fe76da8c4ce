import type { ConnectionWatch } from '#src/ui/connection/connection-watch.ts'
import { CallError } from './call-error.ts'

/** While the server answers others, a question that it does not answer is asked this often again before its place says so. */
export const RETRIES_ALONE = 3

const DELAY_MS_MAX = 15_000
/** A server that is not ready, and a proxy in the place of one that is away. */
const NOT_READY: readonly unknown[] = [502, 503, 504]

/** True when asking again may help by itself: no answer at all, or a server that is not ready. */
export function mayHeal(error: unknown): boolean {
  if (!(error instanceof CallError)) return false
  const data: unknown = error.data
  return typeof data !== 'object' || data === null || NOT_READY.includes((data as { httpStatus?: unknown }).httpStatus)
}

/**
 * Whether a question that failed is asked again: as long as the server is away, and a few times while it answers others. What may heal
 * makes the connection suspect.
 *
 * @param failures before this one
 */
export function mayAskAgain(
  failures: number,
  error: unknown,
  connection: Pick<ConnectionWatch, 'isTrusted' | 'suspect'>,
): boolean {
  if (!mayHeal(error)) return false
  // Before it is looked at: while it is, nothing is trusted.
  const wasTrusted = connection.isTrusted
  connection.suspect()
  return !wasTrusted || failures < RETRIES_ALONE
}

/** The pause before the next asking, ms. */
export const retryDelayMs = (failures: number): number => Math.min(DELAY_MS_MAX, 1_000 * 2 ** failures)
