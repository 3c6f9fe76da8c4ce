import type { Context } from '#src/services/context.ts'
import { sweepLeases } from './sweep-leases.ts'

/**
 * The sweep as the clock does it. After an absence of this server or of its database no holder could renew its lease: holders get
 * time to do so before anything is taken from them.
 *
 * @param absentMs a pause between two sweeps that counts as an absence
 * @param graceMs how long holders have after one
 */
export function sweepAfterAbsence(
  absentMs: number,
  graceMs: number,
  now: () => number = Date.now,
): (ctx: Context) => Promise<unknown> {
  let lastSweep = Number.NEGATIVE_INFINITY
  let backSince: number | null = null
  return async (ctx) => {
    const at = now()
    if (at - lastSweep > absentMs) backSince ??= at
    if (backSince !== null && at - backSince < graceMs) return
    await sweepLeases(ctx)
    backSince = null
    lastSweep = now()
  }
}
