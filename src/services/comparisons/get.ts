import { type ComparisonRow, findComparison } from '#src/db/queries/comparisons/find-comparison.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Comparison } from '#src/protocol/comparisons.ts'
import type { Context } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'
import { viewComparison } from './view.ts'

export interface ComparisonPlace {
  workspace?: string | undefined
  comparison: string
}

/**
 * A comparison with its numbers as they are now, or as they were when it was frozen. Entries that the caller may not see, and those
 * whose run or checkpoint was deleted, are counted and not shown.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getComparison(ctx: Context, input: ComparisonPlace): Promise<Comparison> {
  const { scope, row } = await openComparison(ctx, input, 'experiment:read')
  return viewComparison(ctx, scope, row)
}

/** A comparison of a proven workspace. */
export async function openComparison(
  ctx: Context,
  input: ComparisonPlace,
  permission: 'experiment:read' | 'note:write',
): Promise<{ scope: Scope; row: ComparisonRow }> {
  const { scope } = await openWorkspace(ctx, input, permission)
  const row = await findComparison(ctx.db, scope, input.comparison)
  if (!row) throw notFound('This comparison')
  return { scope, row }
}
