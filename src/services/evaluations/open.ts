import type { Permission } from '#src/core/roles/permissions.ts'
import { type EvaluationRow, locateEvaluation } from '#src/db/queries/evaluations/insert-evaluation.ts'
import { type EvaluationViewRow, listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import { type ProjectScope, projectScope } from '#src/db/scope.ts'
import { openCheckpoint } from '#src/services/checkpoints/open.ts'
import type { Context } from '#src/services/context.ts'
import { notFound, Refusal } from '#src/services/errors.ts'

export interface OpenEvaluation {
  readonly scope: ProjectScope
  readonly evaluation: EvaluationRow
  readonly view: EvaluationViewRow
}

/**
 * The evaluation with this outside id, for whoever reaches its checkpoint. When that was deleted, its evaluations can still be read.
 *
 * @throws Refusal `unauthenticated`, `not_found` (absent and foreign alike), `forbidden`
 */
export async function openEvaluation(ctx: Context, uid: string, permission: Permission): Promise<OpenEvaluation> {
  if (ctx.actor.kind === 'anonymous')
    throw new Refusal('unauthenticated', 'Sign in, or send a key as "Authorization: Bearer …".')
  const evaluation = await locateEvaluation(ctx.db, uid)
  if (!evaluation) throw notFound('This evaluation')
  const scope = projectScope(evaluation.workspaceId, evaluation.projectId)
  const [view] = await listEvaluations(ctx.db, scope, { ids: [evaluation.id] })
  if (!view) throw notFound('This evaluation')
  try {
    await openCheckpoint(ctx, view.checkpoint_uid, permission, {
      deleted: permission === 'eval:read' ? 'allow' : 'refuse',
    })
  } catch (error) {
    throw error instanceof Refusal && error.code === 'not_found' ? notFound('This evaluation') : error
  }
  return { scope, evaluation, view }
}
