import type { Context } from '#src/services/context.ts'

/** What the metrics store must hear of a run after the control plane's commit. */
export interface Writer {
  fence: number
  attempt: number
  state: 'open' | 'finished' | 'deleted'
}

/** Tells the metrics store who may write; after the commit that decided it. The clock repeats what a crash left out. */
export const tellWriter = (ctx: Context, runId: number, writer: Writer): Promise<void> =>
  ctx.services.metrics.setWriter(runId, writer)
