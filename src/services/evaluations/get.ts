import type { EvaluationItem } from '#src/core/evaluations/items.ts'
import { listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import { listItems } from '#src/db/queries/evaluations/list-items.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Evaluation } from '#src/protocol/evaluations.ts'
import type { Context } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'
import { packCursor, readCursor } from '#src/services/workspaces/cursor.ts'
import { measure } from './measure.ts'
import { openEvaluation } from './open.ts'
import { viewEvaluation } from './view.ts'

/**
 * An evaluation with its interval.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getEvaluation(ctx: Context, input: { evaluation: string }): Promise<Evaluation> {
  const { scope, view } = await openEvaluation(ctx, input.evaluation, 'eval:read')
  const [measurement] = await measure(ctx, scope, [view])
  invariant(measurement, 'one row gives one measurement')
  return viewEvaluation(view, measurement.interval)
}

/**
 * Items of an evaluation in their order.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for a bad cursor
 */
export async function listEvaluationItems(
  ctx: Context,
  input: { evaluation: string; limit?: number; cursor?: string | undefined },
): Promise<{ items: EvaluationItem[]; next_cursor?: string }> {
  const { scope, evaluation } = await openEvaluation(ctx, input.evaluation, 'eval:read')
  const limit = input.limit ?? 100
  const offset = readCursor(input.cursor) ?? 0
  const items = await listItems(ctx.db, scope, evaluation.id, { offset, limit: limit + 1 })
  return {
    items: items.slice(0, limit),
    ...(items.length > limit && { next_cursor: packCursor(offset + limit) }),
  }
}

/** One evaluation of a proven place as every door shows it. */
export async function viewEvaluationById(ctx: Context, scope: ProjectScope, id: number): Promise<Evaluation> {
  const [row] = await listEvaluations(ctx.db, scope, { ids: [id] })
  invariant(row, 'an evaluation that was just written is there')
  const [measurement] = await measure(ctx, scope, [row])
  invariant(measurement, 'one row gives one measurement')
  return viewEvaluation(row, measurement.interval)
}
