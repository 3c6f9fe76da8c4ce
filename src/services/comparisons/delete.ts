import { deleteComparison as deleteRow } from '#src/db/queries/comparisons/delete-comparison.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { type ComparisonPlace, openComparison } from './get.ts'
import { mayDelete } from './view.ts'

/**
 * Takes a comparison away for good: its author, or who may delete in the workspace. What it held stays.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function deleteComparison(ctx: Context, input: ComparisonPlace): Promise<void> {
  const { scope, row } = await openComparison(ctx, input, 'note:write')
  refusePrograms(ctx, 'note:write', 'People delete comparisons, in the browser or with an admin key.')
  if (!mayDelete(ctx, scope, row))
    throw new Refusal('forbidden', `${row.by} made this comparison. Ask them, or an admin of the workspace.`, {
      permission: 'project:delete',
    })
  await inTransaction(ctx, async (tx) => {
    await deleteRow(tx.db, scope, row.id)
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'comparison.delete',
      resource: `comparison:${row.uid}`,
      detail: { title: row.title },
    })
  })
}
