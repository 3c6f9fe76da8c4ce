import { firstOf, LOSS_KEYS } from '../../core/lineage/loss-keys.ts'
import { isTelemetryKey } from '../../core/metrics/metric-key.ts'
import type { Context } from '../context.ts'
import { openNamedRun, type RunPlace } from '../metrics/open-named-run.ts'
import type { RunSeries } from '../metrics/store.ts'

/** A place among the lines of a console, told by a step of the run or by the wall time in ms. */
export type LinePlace = { step: number } | { time: number }

/** How far before a step its last point is looked for, each time further. */
const STEPS_BACK = [0, 100, 10_000, Number.POSITIVE_INFINITY] as const
/** A run logs most keys together: these tell when a step was as well as any. */
const KEYS_ASKED = 3

/**
 * The last line that was printed at or before a step or a time, from 0; null where nothing was printed before it, or nothing tells when
 * the step was.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function findConsoleLine(
  ctx: Context,
  input: RunPlace & { at: LinePlace },
): Promise<{ line: number | null; time: number | null }> {
  const { run, scope } = await openNamedRun(ctx, input, 'metric:read')
  const { at } = input
  const time = 'time' in at ? at.time : await timeOfStep(ctx, scope.workspaceId, run.id, at.step)
  if (time === null) return { line: null, time: null }
  return { line: await ctx.services.metrics.consoleLineAt(run.id, time), time }
}

/**
 * The wall time in ms of the newest point at or before a step, of the attempt that shows it; where that logged nothing so far, as between
 * a resume and its first point, of the attempt before it.
 */
async function timeOfStep(ctx: Context, workspaceId: number, runId: number, step: number): Promise<number | null> {
  const { metrics } = ctx.services
  const { starts, series } = await metrics.series(workspaceId, runId)
  const asked = keysToAsk(series)
  for (const { attempt, to } of shownBefore(starts, step))
    for (const { id, attempts } of asked) {
      if (!attempts.includes(attempt)) continue
      for (const back of STEPS_BACK) {
        let time: number | null = null
        for await (const { times } of metrics.raw(runId, id, { attempt, from: Math.max(0, to - back), to }))
          time = times.at(-1) ?? time
        if (time !== null) return time
      }
    }
  return null
}

/** Attempts that are shown at or before a step, the newest first, each with the last step that it shows up to there. */
function shownBefore(starts: RunSeries['starts'], step: number): { attempt: number; to: number }[] {
  const shown: { attempt: number; to: number }[] = []
  let to = step
  for (const { attempt, firstStep } of starts.toSorted((a, b) => b.attempt - a.attempt)) {
    if (firstStep > to) continue
    shown.push({ attempt, to })
    to = firstStep - 1
  }
  // The first one may have begun untold.
  if (to >= 0 && !starts.some(({ attempt }) => attempt <= 1)) shown.push({ attempt: 1, to })
  return shown
}

/** The loss first; telemetry is logged against the clock and has no steps of training. */
function keysToAsk(series: RunSeries['series']): RunSeries['series'] {
  const ofTraining = series.filter(({ key }) => !isTelemetryKey(key))
  const loss = firstOf(LOSS_KEYS, (name) => ofTraining.find(({ key }) => key === name))
  return [...(loss ? [loss] : []), ...ofTraining.filter((one) => one !== loss)].slice(0, KEYS_ASKED)
}
