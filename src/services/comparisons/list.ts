import { groupBy } from '#src/core/lineage/group-by.ts'
import { listComparisons as listRows } from '#src/db/queries/comparisons/find-comparison.ts'
import { listEntries } from '#src/db/queries/comparisons/list-entries.ts'
import type { ComparisonSummary } from '#src/protocol/comparisons.ts'
import type { Context } from '#src/services/context.ts'
import { openWorkspace } from '#src/services/workspaces/open.ts'
import { viewSummary } from './view.ts'

const LISTED_MAX = 500

/**
 * Comparisons of the workspace of which the caller may see an entry, the one changed last first; at most 500.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listComparisons(
  ctx: Context,
  input: { workspace?: string | undefined },
): Promise<{ items: ComparisonSummary[] }> {
  const { scope, workspace } = await openWorkspace(ctx, input, 'experiment:read')
  const rows = await listRows(ctx.db, scope, LISTED_MAX)
  const entries = await listEntries(
    ctx.db,
    scope,
    rows.map(({ id }) => id),
  )
  const of = groupBy(entries, (entry) => entry.comparison_id)
  const items = rows.map((row) => viewSummary(ctx, scope, row, of.get(row.id) ?? [], workspace.slug))
  return { items: items.filter((item) => item.entries.length > 0 || item.hidden === 0) }
}
