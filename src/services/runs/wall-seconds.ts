import { millisOf } from '#src/db/queries/instant.ts'

/** Seconds in attempts, the open one up to now while the run is alive; null before the first has begun. */
export function wallSeconds(
  attempts: readonly { startedAt: string | null; endedAt: string | null }[],
  at: { isLive: boolean; nowMs: number },
): number | null {
  let total: number | null = null
  for (const { startedAt, endedAt } of attempts) {
    if (startedAt === null) continue
    const begun = millisOf(startedAt)
    const ended = endedAt !== null ? millisOf(endedAt) : at.isLive ? at.nowMs : begun
    total = (total ?? 0) + Math.max(0, ended - begun) / 1000
  }
  return total
}
