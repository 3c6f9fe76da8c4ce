import type { Permission } from '../../core/roles/permissions.ts'
import { findRunByNumber } from '../../db/queries/runs/find-run.ts'
import { formerRun } from '../../db/queries/runs/former-numbers.ts'
import { locateRun, type RunRow } from '../../db/queries/runs/locate-run.ts'
import { type ProjectScope, projectScope } from '../../db/scope.ts'
import type { Actor } from '../actor.ts'
import { authorize, permissionsIn } from '../authorize.ts'
import type { Context } from '../context.ts'
import { notFound, Refusal } from '../errors.ts'
import { openProject } from '../workspaces/open.ts'

export interface OpenRun {
  readonly scope: ProjectScope
  readonly run: RunRow
}

const READS: readonly Permission[] = ['run:read', 'metric:read', 'artifact:read', 'checkpoint:read', 'eval:read']

/**
 * The run with this outside id, once `permission` is shown. A job token reaches its own run alone; whoever may write runs may
 * read back the state of those that it made (`run:read` of its own).
 *
 * @param options.deleted `allow` for the undo of a delete
 * @throws Refusal `unauthenticated`, `not_found` (absent and foreign alike; a deleted run, for readers), `forbidden`,
 *   `run_deleted` for writers
 */
export async function openRun(
  ctx: Context,
  uid: string,
  permission: Permission,
  options: { deleted?: 'refuse' | 'allow' } = {},
): Promise<OpenRun> {
  if (ctx.actor.kind === 'anonymous')
    throw new Refusal('unauthenticated', 'Sign in, or send a key as "Authorization: Bearer …".')
  const run = await locateRun(ctx.db, uid)
  return admit(ctx.actor, run, permission, options.deleted ?? 'refuse')
}

/**
 * A run of a project by its number, as people name it; one that has left the project by the number that it had here, for those who may
 * read where it is.
 *
 * @throws Refusal as `openRun`
 */
export async function openRunByNumber(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; run: number },
  permission: Permission,
): Promise<OpenRun> {
  const { scope, project } = await openProject(ctx, input, 'project:read')
  const run =
    (await findRunByNumber(ctx.db, scope, input.run)) ?? (await formerRun(ctx.db, scope, project.slug, input.run))
  return admit(ctx.actor, run, permission, 'refuse')
}

/** True for the run of a job token, and for a run that this key made. */
export function isOwnRun(actor: Actor, run: RunRow): boolean {
  if (actor.kind === 'job') return actor.runId === run.id
  return actor.kind === 'apiKey' && run.createdByKey === actor.keyId
}

/** Said to who may read there: that it is gone, and whether there is a way back. */
const readsDeleted = (run: RunRow): string =>
  run.purgeStartedAt === null
    ? `Run ${run.number} (${run.name}) was deleted. Admins restore it in the settings, under deleted runs.`
    : `Run ${run.number} (${run.name}) was deleted for good.`

function admit(actor: Actor, run: RunRow | null, permission: Permission, deleted: 'refuse' | 'allow'): OpenRun {
  if (!run) throw notFound('This run')
  const scope = projectScope(run.workspaceId, run.projectId)
  if (!permissionsIn(actor, scope) || (actor.kind === 'job' && !isOwnRun(actor, run))) throw notFound('This run')
  authorize(actor, permission === 'run:read' && isOwnRun(actor, run) ? 'run:write' : permission, scope)
  if (run.deletedAt !== null && deleted === 'refuse') {
    if (READS.includes(permission)) throw new Refusal('not_found', readsDeleted(run))
    throw new Refusal('run_deleted', `Run ${run.number} was deleted; nothing more is written to it.`)
  }
  return { scope, run }
}
