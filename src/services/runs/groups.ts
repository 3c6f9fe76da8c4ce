import { fieldText } from '#src/core/search/field.ts'
import { boundSearch } from '#src/db/queries/search/bound-search.ts'
import { groupMatching } from '#src/db/queries/search/group-matching.ts'
import type { RunGroups, RunGroupsInput } from '#src/protocol/runs-table.ts'
import type { Context } from '#src/services/context.ts'
import { inSearchTime } from '#src/services/search/in-search-time.ts'
import { openSearch, readFields } from '#src/services/search/open-search.ts'
import { runCosts } from '#src/services/search/run-costs.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { viewColumn } from './table.ts'

/**
 * The runs that match a search, by the values of some fields: how many, in which states, and of each column mean, median, range, sum,
 * spread and the best run.
 *
 * @throws Refusal as `getRunsTable`
 */
export async function getRunGroups(
  ctx: Context,
  input: RunGroupsInput & { workspace?: string | undefined; project: string },
): Promise<RunGroups> {
  const { scope } = await openProject(ctx, input, 'run:read')
  const group = readFields(input.group, '/group')
  const fields = readFields(input.columns, '/columns')
  const search = await openSearch(ctx, scope, input, [...group, ...fields])
  const columns = fields.map((field) => viewColumn(field, search.bindings))
  const [found, costs] = await Promise.all([
    inSearchTime(() =>
      boundSearch(ctx.db, (db) =>
        groupMatching(db, scope, search, {
          group,
          columns: fields.map((field, i) => ({ field, better: columns[i]?.better ?? null })),
          limit: input.limit,
        }),
      ),
    ),
    fields.some((field) => fieldText(field) === 'cost') ? runCosts(ctx, scope) : null,
  ])
  return {
    total: found.total,
    columns,
    currency: costs?.currency ?? null,
    groups: found.groups.map(({ numbers, values, ...one }) => ({
      ...one,
      values: values.map((value) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value)),
      numbers: numbers.map((of, i) => {
        if (!of) return null
        const { best, ...told } = of
        const value = columns[i]?.better === 'lower' ? told.min : told.max
        return { ...told, best: best === null ? null : { number: best, value } }
      }),
    })),
    more: Math.max(0, found.inAll - found.groups.length),
  }
}
