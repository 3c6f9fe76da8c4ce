import type { Expr } from '#src/core/search/expression.ts'
import { fieldText } from '#src/core/search/field.ts'
import { splitFields, splitSort } from '#src/core/search/field-list.ts'
import { listRuns as readRuns } from '#src/db/queries/runs/list-runs.ts'
import { boundSearch } from '#src/db/queries/search/bound-search.ts'
import { findMatching } from '#src/db/queries/search/find-matching.ts'
import { type RunsQuery, type SearchedRuns, TABLE_COLUMNS_MAX } from '#src/protocol/runs-table.ts'
import type { Context } from '#src/services/context.ts'
import { invalid, notFound } from '#src/services/errors.ts'
import { experimentNamed } from '#src/services/experiments/open.ts'
import { inSearchTime } from '#src/services/search/in-search-time.ts'
import { openSearch, readFields, readSort } from '#src/services/search/open-search.ts'
import { addressesOf } from '#src/services/workspaces/addresses.ts'
import { packCursor, readCursor } from '#src/services/workspaces/cursor.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { listRuns } from './get.ts'
import { tableRows } from './table.ts'
import { viewRun } from './view.ts'

/**
 * Runs of a project: by a search, in an order and with values of columns where one of them is given, else the newest first.
 *
 * @throws Refusal `not_found` (also for the experiment), `forbidden`, `invalid_request`, `too_slow`
 */
export async function searchRuns(
  ctx: Context,
  input: RunsQuery & { workspace?: string | undefined; project: string },
): Promise<SearchedRuns> {
  const isPlain = input.q.trim() === '' && input.sort === undefined && input.columns === undefined
  if (isPlain && input.archived === 'false') return listRuns(ctx, input)
  const { scope, project } = await openProject(ctx, input, 'run:read')
  const texts = splitFields(input.columns ?? '')
  if (texts.length > TABLE_COLUMNS_MAX)
    throw invalid('/query/columns', `An answer has at most ${TABLE_COLUMNS_MAX} columns; these are ${texts.length}.`)
  const fields = readFields(texts, '/query/columns')
  const sort = readSort(splitSort(input.sort ?? ''), '/query/sort')
  const asked = { q: input.q, archived: input.archived === 'true' }
  const search = await openSearch(ctx, scope, asked, [...fields, ...sort.map(({ field }) => field)])
  const more = await narrowed(ctx, scope, project.slug, input)
  const offset = readCursor(input.cursor) ?? 0
  const expr = [...(search.expr ? [search.expr] : []), ...more]
  const { total, ids } = await inSearchTime(() =>
    boundSearch(ctx.db, (db) =>
      findMatching(
        db,
        scope,
        { ...search, expr: expr.length > 1 ? { kind: 'and', parts: expr, ...NOWHERE } : (expr[0] ?? null) },
        { sort, offset, limit: input.limit },
      ),
    ),
  )
  const [addresses, rows, told] = await Promise.all([
    addressesOf(ctx, scope),
    ids.length === 0 ? [] : readRuns(ctx.db, scope, { ids, limit: ids.length }),
    fields.length === 0 ? [] : tableRows(ctx, scope, { ids }, fields, search.bindings),
  ])
  const runOf = new Map(rows.map((row) => [row.id, row]))
  const cellsOf = new Map(told.map((row) => [row.number, row.cells]))
  const end = offset + ids.length
  return {
    items: ids.flatMap((id) => {
      const row = runOf.get(id)
      if (!row) return []
      const cells = cellsOf.get(row.number)
      const values = cells && Object.fromEntries(fields.map((field, i) => [fieldText(field), cells[i] ?? null]))
      return [{ ...viewRun(row, project.slug, addresses), ...(values && { values }) }]
    }),
    total,
    ...(end < total && ids.length > 0 && { next_cursor: packCursor(end) }),
  }
}

const NOWHERE = { from: 0, to: 0 }

/** What the query asks beside the search, in its words. */
async function narrowed(
  ctx: Context,
  scope: Parameters<typeof experimentNamed>[1],
  project: string,
  { state, experiment }: Pick<RunsQuery, 'state' | 'experiment'>,
): Promise<Expr[]> {
  const is = (name: 'state' | 'stage', text: string): Expr => ({
    kind: 'test',
    field: { kind: 'plain', name },
    op: '=',
    value: { kind: 'text', text, ...NOWHERE },
    ...NOWHERE,
  })
  const found = experiment === undefined ? null : await experimentNamed(ctx, scope, project, experiment)
  if (experiment !== undefined && !found) throw notFound(`The experiment "${experiment}"`)
  return [...(state ? [is('state', state)] : []), ...(found ? [is('stage', found.slug)] : [])]
}
