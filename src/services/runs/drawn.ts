import { boundSearch } from '#src/db/queries/search/bound-search.ts'
import { findMatching } from '#src/db/queries/search/find-matching.ts'
import type { DrawnRuns, DrawnRunsInput } from '#src/protocol/runs-table.ts'
import type { Context } from '#src/services/context.ts'
import { inSearchTime } from '#src/services/search/in-search-time.ts'
import { openSearch, readFields, readSort } from '#src/services/search/open-search.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { tableRows } from './table.ts'

/**
 * The runs that charts draw: the first that match and are not hidden, in the order of the table.
 *
 * @throws Refusal as `getRunsTable`
 */
export async function getDrawnRuns(
  ctx: Context,
  input: DrawnRunsInput & { workspace?: string | undefined; project: string },
): Promise<DrawnRuns> {
  const { scope } = await openProject(ctx, input, 'run:read')
  const group = readFields(input.group, '/group')
  const sort = readSort(input.sort)
  const search = await openSearch(ctx, scope, input, [...group, ...sort.map(({ field }) => field)])
  const found = await inSearchTime(() =>
    boundSearch(ctx.db, (db) =>
      findMatching(db, scope, search, { sort, offset: 0, limit: input.limit, hidden: input.hidden }),
    ),
  )
  const rows = await tableRows(ctx, scope, { ids: found.ids }, group, search.bindings)
  return {
    matching: found.total,
    runs: rows.map(({ uid, number, name, stage, cells }) => ({
      uid,
      number,
      name,
      stage,
      groupKey: group.length === 0 ? null : cells.map((cell) => (cell === null ? 'missing' : String(cell))).join(', '),
    })),
  }
}
