import { isTelemetryKey } from '#src/core/metrics/metric-key.ts'
import type { Context } from '#src/services/context.ts'

/** Curves that are asked how far an attempt came: the first few that it wrote. */
const SERIES_ASKED = 3
/** A page of a live run asks each second, and attempts that are over hardly ever get points. */
const KEPT_MS = 60_000
const RUNS_KEPT = 500

const kept = new Map<string, { ends: Promise<Map<number, number>>; at: number }>()

/**
 * The last step of each attempt but the newest, by its number: told by the points that a later attempt wrote again. An attempt without
 * such points came no further than to where the next one began. Attempts without any curve are left out.
 */
export async function attemptEnds(
  ctx: Context,
  run: { id: number; uid: string; workspaceId: number },
  attempts: readonly { number: number; firstStep: number }[],
): Promise<Map<number, number>> {
  if (attempts.length < 2) return new Map()
  const key = `${run.uid} ${attempts.length}`
  const known = kept.get(key)
  if (known && performance.now() - known.at < KEPT_MS) return known.ends
  const ends = readEnds(ctx, run, attempts)
  kept.delete(key)
  kept.set(key, { ends, at: performance.now() })
  for (const oldest of kept.keys()) {
    if (kept.size <= RUNS_KEPT) break
    kept.delete(oldest)
  }
  ends.catch(() => kept.delete(key))
  return ends
}

async function readEnds(
  ctx: Context,
  run: { id: number; workspaceId: number },
  attempts: readonly { number: number; firstStep: number }[],
): Promise<Map<number, number>> {
  const ends = new Map<number, number>()
  const { metrics } = ctx.services
  const { series } = await metrics.series(run.workspaceId, run.id)
  const curves = series.filter(({ key }) => !isTelemetryKey(key))
  for (const [i, attempt] of attempts.entries()) {
    const next = attempts[i + 1]
    if (!next) break
    const written = curves.filter(({ attempts: of }) => of.includes(attempt.number)).slice(0, SERIES_ASKED)
    if (written.length === 0) continue
    let last = next.firstStep - 1
    for (const { id } of written)
      for await (const { steps } of metrics.raw(run.id, id, { attempt: attempt.number, from: next.firstStep }))
        last = Math.max(last, steps.at(-1) ?? last)
    if (last >= attempt.firstStep) ends.set(attempt.number, last)
  }
  return ends
}
