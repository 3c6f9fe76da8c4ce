import { csvCell } from '#src/core/publish/csv.ts'
import { fieldText, fieldType } from '#src/core/search/field.ts'
import { splitFields, splitSort } from '#src/core/search/field-list.ts'
import { boundSearch } from '#src/db/queries/search/bound-search.ts'
import { findMatching } from '#src/db/queries/search/find-matching.ts'
import {
  type RunsFileQuery,
  TABLE_COLUMNS_MAX,
  TABLE_ROWS_MAX,
  type TableCell,
  type TableColumn,
  type TableRow,
} from '#src/protocol/runs-table.ts'
import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { inSearchTime } from '#src/services/search/in-search-time.ts'
import { openSearch, readFields, readSort } from '#src/services/search/open-search.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { tableRows } from './table.ts'

/** Runs of a file at most. */
const FILE_RUNS_MAX = 1_000_000

export interface RunsFile {
  /** Without the extension. */
  name: string
  /** Read as it is asked for. */
  bytes: AsyncIterable<Uint8Array>
}

/**
 * Every run that matches a search as CSV, with the chosen columns after number, name and uid. Which runs, and in which order, is told at
 * the start; a run that is deleted meanwhile is left out.
 *
 * @throws Refusal as `getRunsTable`
 */
export async function exportRunsTable(
  ctx: Context,
  input: RunsFileQuery & { workspace?: string | undefined; project: string },
): Promise<RunsFile> {
  const { scope, project } = await openProject(ctx, input, 'run:read')
  const texts = splitFields(input.columns ?? '')
  if (texts.length > TABLE_COLUMNS_MAX)
    throw invalid('/query/columns', `A file has at most ${TABLE_COLUMNS_MAX} columns; these are ${texts.length}.`)
  const fields = readFields(texts, '/query/columns')
  const sort = readSort(splitSort(input.sort ?? ''), '/query/sort')
  const asked = { q: input.q, archived: input.archived === 'true' }
  const search = await openSearch(ctx, scope, asked, [...fields, ...sort.map(({ field }) => field)])
  const { ids } = await inSearchTime(() =>
    boundSearch(ctx.db, (db) => findMatching(db, scope, search, { sort, offset: 0, limit: FILE_RUNS_MAX })),
  )
  const types = fields.map(fieldType)
  async function* lines(): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder()
    yield encoder.encode(lineOf(['number', 'name', 'uid', ...fields.map(fieldText)]))
    for (let at = 0; at < ids.length; at += TABLE_ROWS_MAX) {
      const rows = await tableRows(ctx, scope, { ids: ids.slice(at, at + TABLE_ROWS_MAX) }, fields, search.bindings)
      yield encoder.encode(rows.map((row) => rowLine(row, types)).join(''))
    }
  }
  return { name: `${project.slug}-runs`, bytes: lines() }
}

const rowLine = ({ number, name, uid, cells }: TableRow, types: readonly TableColumn['type'][]): string =>
  lineOf([String(number), name, uid, ...cells.map((cell, i) => cellText(cell, types[i] === 'moment'))])

const lineOf = (texts: readonly string[]): string => `${texts.map(csvCell).join(',')}\r\n`

function cellText(cell: TableCell, isMoment: boolean): string {
  if (cell === null) return ''
  if (Array.isArray(cell)) return cell.join(', ')
  return isMoment && typeof cell === 'number' ? new Date(cell).toISOString() : String(cell)
}
