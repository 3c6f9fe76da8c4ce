import { isUnavailable } from '#src/db/clients.ts'
import type { Context } from '#src/services/context.ts'
import { tellStates } from '#src/services/live/tell-state.ts'

/** What the data plane must hear after a commit of the control plane. */
export interface Writer {
  runId: number
  fence: number
  attempt: number
  state: 'open' | 'finished'
}

/** Tells the metrics store who may write, after the commit that decided it, and screens that these runs changed. */
export async function tellWriters(ctx: Context, writers: readonly Writer[]): Promise<void> {
  await setWriters(ctx, writers)
  await tellStates(
    ctx,
    writers.map((writer) => writer.runId),
  )
}

/** Tells the metrics store alone. When the database goes away in between, the clock repeats it. */
export async function setWriters(ctx: Context, writers: readonly Writer[]): Promise<void> {
  for (const { runId, fence, attempt, state } of writers)
    try {
      await ctx.services.metrics.setWriter(runId, { fence, attempt: Math.max(attempt, 1), state })
    } catch (error) {
      if (!isUnavailable(error)) throw error
      ctx.services.log.warn({ runId, fence }, 'The metrics store was not told who may write; the clock repeats it.')
    }
}
