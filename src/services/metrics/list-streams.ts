import type { StreamCursor } from '../../protocol/metrics.ts'
import type { Context } from '../context.ts'
import { openRun } from '../runs/open.ts'

/**
 * How far each writing process of a run is: what a client needs to go on after a restart.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listStreams(ctx: Context, input: { run: string }): Promise<StreamCursor[]> {
  const { run } = await openRun(ctx, input.run, 'run:write')
  return ctx.services.metrics.cursors(run.id)
}
