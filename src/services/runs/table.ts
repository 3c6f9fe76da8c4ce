import type { Orientation } from '#src/core/metrics/orientation.ts'
import { type Field, fieldText, fieldType } from '#src/core/search/field.ts'
import { millisOf } from '#src/db/queries/instant.ts'
import type { SearchBindings } from '#src/db/queries/search/bindings.ts'
import { boundSearch } from '#src/db/queries/search/bound-search.ts'
import { countRuns, findMatching } from '#src/db/queries/search/find-matching.ts'
import { listCheckpointCells, listConfigCells, listMetricCells } from '#src/db/queries/search/list-cells.ts'
import { listTableRows, type TableRunRow } from '#src/db/queries/search/list-table-rows.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { RunsTable, RunsTableInput, TableCell, TableColumn, TableRow } from '#src/protocol/runs-table.ts'
import type { Context } from '#src/services/context.ts'
import { inSearchTime } from '#src/services/search/in-search-time.ts'
import { openSearch, readFields, readSort } from '#src/services/search/open-search.ts'
import { runCosts } from '#src/services/search/run-costs.ts'
import { openProject } from '#src/services/workspaces/open.ts'

export type RunsTableAsk = RunsTableInput & { workspace?: string | undefined; project: string }

/**
 * A page of the runs that match a search, with the chosen columns and no others.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` for a search, column or sort key that cannot be read (with its place),
 *   `too_slow` when the search takes longer than its limit
 */
export async function getRunsTable(ctx: Context, input: RunsTableAsk): Promise<RunsTable> {
  const { scope } = await openProject(ctx, input, 'run:read')
  const fields = readFields(input.columns, '/columns')
  const sort = readSort(input.sort)
  const search = await openSearch(ctx, scope, input, [...fields, ...sort.map(({ field }) => field)])
  const [found, all, currency] = await Promise.all([
    inSearchTime(() => boundSearch(ctx.db, (db) => findMatching(db, scope, search, { ...input, sort }))),
    // Without a search all of them match.
    search.expr === null ? null : countRuns(ctx.db, scope, input.archived),
    fields.some((field) => fieldText(field) === 'cost') ? runCosts(ctx, scope) : null,
  ])
  const [rows, pinned] = await Promise.all([
    tableRows(ctx, scope, { ids: found.ids }, fields, search.bindings),
    input.pinned.length === 0 ? [] : tableRows(ctx, scope, { numbers: input.pinned }, fields, search.bindings),
  ])
  return {
    total: found.total,
    all: all ?? found.total,
    columns: fields.map((field) => viewColumn(field, search.bindings)),
    currency: currency?.currency ?? null,
    rows,
    pinned,
  }
}

/** A column as its head needs it. A change of an evaluation is new − old, and so better as its score is. */
export const viewColumn = (field: Field, bindings: SearchBindings): TableColumn => ({
  field: fieldText(field),
  type: fieldType(field),
  better: betterOf(field, bindings),
})

function betterOf(field: Field, bindings: SearchBindings): Orientation | null {
  if (field.kind === 'metric')
    return field.reading === 'count' ? null : (bindings.metrics.get(field.key)?.better ?? null)
  if (field.kind === 'eval' && field.reading !== 'state') return bindings.reckoned.get(fieldText(field))?.better ?? null
  return null
}

/** Rows with the cells of these columns, in the order in which the runs are named; runs that are gone are left out. */
export async function tableRows(
  ctx: Context,
  scope: ProjectScope,
  of: { ids: readonly number[] } | { numbers: readonly number[] },
  fields: readonly Field[],
  bindings: SearchBindings,
): Promise<TableRow[]> {
  const names = 'ids' in of ? of.ids : of.numbers
  if (names.length === 0) return []
  const rows = await listTableRows(ctx.db, scope, of, bindings.now)
  const byName = new Map(rows.map((row) => [row['ids' in of ? 'id' : 'number'], row]))
  const ordered = names.flatMap((name) => byName.get(name) ?? [])
  const cellOf = await readCells(ctx, scope, ordered, fields, bindings)
  return ordered.map((row) => ({
    uid: row.uid,
    number: row.number,
    name: row.name,
    state: row.state,
    stage: { number: row.stage_number, kind: row.stage_kind, name: row.stage_name },
    tags: row.tags,
    starred: row.is_starred,
    archived: row.is_archived,
    attempt: row.attempt,
    cells: fields.map((field) => cellOf(field, row)),
  }))
}

type CellOf = (field: Field, row: TableRunRow) => TableCell

async function readCells(
  ctx: Context,
  scope: ProjectScope,
  rows: readonly TableRunRow[],
  fields: readonly Field[],
  bindings: SearchBindings,
): Promise<CellOf> {
  const ids = rows.map((row) => row.id)
  const keyIds = fields.flatMap((f) => (f.kind === 'config' ? (bindings.configKeys.get(f.key) ?? []) : []))
  const metricIds = (wanted: boolean) =>
    fields.flatMap((f) =>
      f.kind === 'metric' && (f.reading === 'checkpoint') === wanted ? (bindings.metrics.get(f.key)?.id ?? []) : [],
    )
  const [configs, metrics, checkpoints] = await Promise.all([
    listConfigCells(ctx.db, scope, ids, [...new Set(keyIds)]),
    listMetricCells(ctx.db, scope, ids, [...new Set(metricIds(false))]),
    listCheckpointCells(ctx.db, scope, ids, [...new Set(metricIds(true))]),
  ])
  const configOf = new Map(configs.map((cell) => [`${cell.run_id} ${cell.key_id}`, cell]))
  const metricOf = new Map(metrics.map((cell) => [`${cell.run_id} ${cell.metric_id}`, cell]))
  const checkpointOf = new Map(checkpoints.map((cell) => [`${cell.run_id} ${cell.metric_id}`, cell.value]))
  const reckonedCell = (field: Field, row: TableRunRow): TableCell => {
    const found = bindings.reckoned.get(fieldText(field))
    const place = found && placesOf(found.ids).get(found.of === 'run' ? row.id : row.experiment_id)
    return found && place !== undefined ? (found.values[place] ?? null) : null
  }
  return (field, row) => {
    switch (field.kind) {
      case 'plain':
        return field.name === 'cost' ? reckonedCell(field, row) : plainCell(field.name, row)
      case 'config': {
        const cell = configOf.get(`${row.id} ${bindings.configKeys.get(field.key)}`)
        return cell ? (cell.number ?? cell.text ?? cell.truth) : null
      }
      case 'metric': {
        const metric = bindings.metrics.get(field.key)
        if (!metric) return null
        const place = `${row.id} ${metric.id}`
        if (field.reading === 'checkpoint') return worded(checkpointOf.get(place) ?? null)
        const cell = metricOf.get(place)
        if (!cell) return null
        if (field.reading !== 'best') return worded(cell[field.reading])
        return metric.better === null ? null : worded(metric.better === 'lower' ? cell.min : cell.max)
      }
      case 'eval':
        return reckonedCell(field, row)
    }
  }
}

const places = new WeakMap<readonly number[], ReadonlyMap<number, number>>()

/** Where each id stands: made once for a list, which many requests share and which has a place for each of 100,000 runs. */
function placesOf(ids: readonly number[]): ReadonlyMap<number, number> {
  const known = places.get(ids)
  if (known) return known
  const made = new Map(ids.map((id, i) => [id, i]))
  places.set(ids, made)
  return made
}

function plainCell(name: Exclude<Extract<Field, { kind: 'plain' }>['name'], 'cost'>, row: TableRunRow): TableCell {
  switch (name) {
    case 'name':
    case 'state':
    case 'number':
    case 'tokens':
    case 'agent':
      return row[name]
    case 'stage':
      return row.stage_name
    case 'tag':
      return row.tags
    case 'group':
      return row.run_group || null
    case 'owner':
      return row.stage_owner ?? row.maker
    case 'created':
      return millisOf(row.created_at)
    case 'duration':
      return row.seconds
  }
}

/** JSON has no word for what is no finite number. */
const worded = (value: number | null): TableCell => (value === null || Number.isFinite(value) ? value : String(value))
