import { PANEL_RUNS_MAX } from '#src/core/panels/panel-content.ts'
import { boundSearch } from '#src/db/queries/search/bound-search.ts'
import { findMatching } from '#src/db/queries/search/find-matching.ts'
import type { ColumnValues, ColumnValuesInput } from '#src/protocol/column-values.ts'
import type { TableRow } from '#src/protocol/runs-table.ts'
import type { Context } from '#src/services/context.ts'
import { inSearchTime } from '#src/services/search/in-search-time.ts'
import { openSearch, readFields, readSort } from '#src/services/search/open-search.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { tableRows, viewColumn } from './table.ts'

export type ColumnValuesAsk = ColumnValuesInput & { workspace?: string | undefined; project: string }

/**
 * The values of fields over the runs that match a search, or over those that are named: at most `PANEL_RUNS_MAX` of them, in the order of
 * the sort keys. A value that a run lacks is null, NaN and the infinities are words.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for a search, field or sort key that cannot be read, `too_slow`
 */
export async function getColumnValues(ctx: Context, input: ColumnValuesAsk): Promise<ColumnValues> {
  const { scope } = await openProject(ctx, input, 'run:read')
  const fields = readFields(input.fields, '/fields')
  const sort = readSort(input.sort)
  const search = await openSearch(ctx, scope, input, [...fields, ...sort.map(({ field }) => field)])
  const rowsOf = (of: { ids: readonly number[] } | { numbers: readonly number[] }) =>
    tableRows(ctx, scope, of, fields, search.bindings)
  const { hidden, numbers } = input
  const named = async () => {
    const isHidden = new Set(hidden)
    const rows = await rowsOf({ numbers: (numbers ?? []).filter((number) => !isHidden.has(number)) })
    return { rows, matching: rows.length }
  }
  const searched = async () => {
    const page = { sort, offset: 0, limit: PANEL_RUNS_MAX, hidden }
    const found = await inSearchTime(() => boundSearch(ctx.db, (db) => findMatching(db, scope, search, page)))
    const rows = await rowsOf({ ids: found.ids })
    // Below the limit nothing but hidden runs is left out.
    return { rows, matching: rows.length < PANEL_RUNS_MAX ? rows.length : found.total - hidden.length }
  }
  const [{ rows, matching }, [baseline]] = await Promise.all([
    numbers === undefined ? searched() : named(),
    input.baseline === undefined ? [] : rowsOf({ numbers: [input.baseline] }),
  ])
  return {
    fields: fields.map((field) => viewColumn(field, search.bindings)),
    runs: rows.map(runOf),
    columns: fields.map((_, at) => rows.map(({ cells }) => cells[at] ?? null)),
    matching,
    baseline: baseline ? { run: runOf(baseline), values: baseline.cells } : null,
  }
}

const runOf = ({ number, name, stage }: TableRow) => ({ number, name, stage })
