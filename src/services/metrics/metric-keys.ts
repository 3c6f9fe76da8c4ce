import { orientationOf } from '../../core/metrics/orientation.ts'
import { listKeys } from '../../db/queries/metrics/list-keys.ts'
import { listProjectKeys } from '../../db/queries/metrics/list-project-keys.ts'
import type { MetricKey, MetricKeyChange } from '../../protocol/metrics.ts'
import { refusePrograms } from '../auth/refuse-programs.ts'
import type { Context } from '../context.ts'
import { notFound, Refusal } from '../errors.ts'
import { openWorkspace } from '../workspaces/open.ts'

/** The one project that the actor is held to; null: the whole workspace. */
const onlyProject = ({ actor }: Context): number | null => ('projectId' in actor ? actor.projectId : null)

/**
 * The metric keys of a workspace and which values of each are better, in key order; of one project for a key that is bound to it.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listMetricKeys(ctx: Context, input: { workspace?: string | undefined }): Promise<MetricKey[]> {
  const { scope } = await openWorkspace(ctx, input, 'metric:read')
  const { sql } = ctx.services
  const only = onlyProject(ctx)
  const keys = await (only === null ? listKeys(sql, scope.workspaceId) : listProjectKeys(sql, scope.workspaceId, only))
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
 * @throws Refusal `not_found` (also for a key that no run has logged), `forbidden`, also for programs and for keys of one project
 */
export async function setMetricKey(
  ctx: Context,
  input: MetricKeyChange & { workspace?: string | undefined },
): Promise<MetricKey> {
  const { scope } = await openWorkspace(ctx, input, 'experiment:write')
  refusePrograms(
    ctx,
    'experiment:write',
    'People say which values of a metric are better, in the browser or with an admin key.',
  )
  if (onlyProject(ctx) !== null)
    throw new Refusal(
      'forbidden',
      'Which values of a metric are better holds for all projects of the workspace, and this key is bound to one of them. Use a key of the workspace.',
      { permission: 'experiment:write' },
    )
  const { key, orientation } = input
  if (!(await ctx.services.metrics.orientate(scope.workspaceId, key, orientation)))
    throw notFound(`The metric "${key.slice(0, 80)}"`)
  return { key, orientation: orientation ?? orientationOf(key), is_set: orientation !== null }
}
