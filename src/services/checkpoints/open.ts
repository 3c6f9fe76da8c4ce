import type { Permission } from '../../core/roles/permissions.ts'
import { isInputOfAgent } from '../../db/queries/checkpoints/is-input-of-agent.ts'
import { type CheckpointRow, locateCheckpoint } from '../../db/queries/checkpoints/locate-checkpoint.ts'
import { type ProjectScope, projectScope, type Scope } from '../../db/scope.ts'
import { authorize, permissionsIn } from '../authorize.ts'
import type { Context } from '../context.ts'
import { notFound, Refusal } from '../errors.ts'

export interface OpenCheckpoint {
  readonly scope: ProjectScope
  readonly checkpoint: CheckpointRow
}

/**
 * The checkpoint with this outside id, once `permission` is shown. A job token reaches those of its own run, its inputs (to
 * read) and its target; an agent those that the jobs it holds name.
 *
 * @param options.deleted `allow` to read about one that was deleted
 * @throws Refusal `unauthenticated`, `not_found` (absent, deleted and foreign alike), `forbidden`
 */
export async function openCheckpoint(
  ctx: Context,
  uid: string,
  permission: Permission,
  options: { deleted?: 'refuse' | 'allow' } = {},
): Promise<OpenCheckpoint> {
  if (ctx.actor.kind === 'anonymous')
    throw new Refusal('unauthenticated', 'Sign in, or send a key as "Authorization: Bearer …".')
  const checkpoint = await locateCheckpoint(ctx.db, uid)
  if (!checkpoint || (checkpoint.deletedAt !== null && options.deleted !== 'allow')) throw notFound('This checkpoint')
  const scope = projectScope(checkpoint.workspaceId, checkpoint.projectId)
  // A job's input may come from another project of its workspace: the job names it, so its scope is the workspace.
  const place: Scope | ProjectScope = ctx.actor.kind === 'job' ? { ...scope, projectId: ctx.actor.projectId } : scope
  if (!permissionsIn(ctx.actor, place) || !(await isNamed(ctx, scope, checkpoint, permission)))
    throw notFound('This checkpoint')
  authorize(ctx.actor, permission, place)
  return { scope, checkpoint }
}

async function isNamed(
  ctx: Context,
  scope: ProjectScope,
  checkpoint: CheckpointRow,
  permission: Permission,
): Promise<boolean> {
  const { actor } = ctx
  if (actor.kind === 'agent') return isInputOfAgent(ctx.db, scope, actor.agentId, checkpoint)
  if (actor.kind !== 'job') return true
  if (checkpoint.runId === actor.runId || checkpoint.id === actor.targetCheckpointId) return true
  return permission !== 'eval:write' && actor.inputCheckpointIds.includes(checkpoint.id)
}
