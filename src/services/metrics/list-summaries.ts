import type { MetricSummary } from '../../protocol/metrics.ts'
import type { Context } from '../context.ts'
import { openNamedRun, type RunPlace } from './open-named-run.ts'

/**
 * The latest of every metric of a run, in key order.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listSummaries(ctx: Context, input: RunPlace): Promise<MetricSummary[]> {
  const { scope, run } = await openNamedRun(ctx, input, 'metric:read')
  const found = await ctx.services.metrics.summaries(scope.workspaceId, [run.id])
  return found.get(run.id) ?? []
}
