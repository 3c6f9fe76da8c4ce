import { orientationOf } from '../../core/metrics/orientation.ts'
import { listKeys } from '../../db/queries/metrics/list-keys.ts'
import type { MetricKey, MetricKeyChange } from '../../protocol/metrics.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { openWorkspace } from '../workspaces/open.ts'

/**
 * The metric keys of a workspace and which values of each are better, in key order.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listMetricKeys(ctx: Context, input: { workspace?: string | undefined }): Promise<MetricKey[]> {
  const { scope } = await openWorkspace(ctx, input, 'metric:read')
  const keys = await listKeys(ctx.services.sql, scope.workspaceId)
  return keys
    .map(({ name, orientation }) => ({
      key: name,
      orientation: orientation ?? orientationOf(name),
      is_set: orientation !== null,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

/**
 * Says which values of a metric are better, for all runs of the workspace; null: its name tells again.
 *
 * @throws Refusal `not_found` (also for a key that no run has logged), `forbidden`
 */
export async function setMetricKey(
  ctx: Context,
  input: MetricKeyChange & { workspace?: string | undefined },
): Promise<MetricKey> {
  const { scope } = await openWorkspace(ctx, input, 'experiment:write')
  const { key, orientation } = input
  if (!(await ctx.services.metrics.orientate(scope.workspaceId, key, orientation)))
    throw notFound(`The metric "${key.slice(0, 80)}"`)
  return { key, orientation: orientation ?? orientationOf(key), is_set: orientation !== null }
}
