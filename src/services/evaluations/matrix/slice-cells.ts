/** Slices of cells: a benchmark's items by their labels, so that a mean cannot hide a loss. */
import { scoreOfItems } from '#src/core/evaluations/score-of-items.ts'
import { type Slice, slicesOf } from '#src/core/evaluations/slices.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { listItemTags } from '#src/db/queries/evaluations/list-item-tags.ts'
import type { MeasuredBenchmark } from '#src/db/queries/evaluations/list-measured.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { type ComparedCell, type ComparedColumn, type ShownRow, stateAlone } from './compare-column.ts'
import { type HeldCell, readWhole } from './held-cells.ts'

/** Items whose labels are read for one matrix; beyond, its cells are opened one by one. */
const ITEMS_MAX = 200_000

/** What a page says where their number is larger. */
export const TOO_MANY_ITEMS = `more than ${ITEMS_MAX.toLocaleString('en')} items would have to be read at once; an open cell shows its own`

/**
 * The slices of every benchmark of some columns, as rows below their benchmark. Null where there are too many items to read at once.
 */
export async function sliceRows(
  ctx: Context,
  scope: Scope,
  compared: readonly ComparedColumn[],
  benchmarks: Iterable<MeasuredBenchmark>,
): Promise<{ rows: ShownRow[]; cellsOf: (column: ComparedColumn) => ComparedCell[] } | null> {
  const sides = [...new Set(compared.flatMap(({ cells }) => cells.flatMap(sidesOf)))]
  if (sides.reduce((sum, cell) => sum + cell.row.n_items, 0) > ITEMS_MAX) return null
  const slices = await readSlices(ctx, scope, sides)
  return {
    rows: [...benchmarks].flatMap((benchmark): ShownRow[] => [
      { benchmark, slice: null },
      ...(slices.get(benchmark.id) ?? []).map((slice) => ({ benchmark, slice })),
    ]),
    cellsOf: ({ cells }) =>
      cells.flatMap((cell) => [
        cell,
        ...(slices.get(cell.benchmark.id) ?? []).flatMap((slice): ComparedCell[] => {
          const part = sliceCell(ctx, cell, slice)
          return part ? [{ ...part, slice }] : []
        }),
      ]),
  }
}

const sidesOf = ({ after, before }: ComparedCell): HeldCell[] => (before ? [after, before] : [after])

/** The slices of benchmarks by their id, from labels of all these cells; their items are read too. */
export async function readSlices(
  ctx: Context,
  scope: Scope,
  sides: readonly HeldCell[],
): Promise<Map<number, Slice[]>> {
  const withItems = sides.filter((cell) => cell.row.n_items > 0)
  const tags = await listItemTags(
    ctx.db,
    scope,
    withItems.map((cell) => cell.row.id),
  )
  const tagged = withItems.filter((cell) => tags.has(cell.row.id))
  await readWhole(ctx, scope, tagged)
  const byBenchmark = groupBy(tagged, (cell) => cell.row.benchmark_id)
  return new Map(
    [...byBenchmark].map(([id, cells]) => [id, slicesOf(cells.map((cell) => tags.get(cell.row.id) ?? []))]),
  )
}

/** One slice of a cell against the same slice of its baseline; null where the cell has no item of it. p is not adjusted. */
export function sliceCell(ctx: Context, cell: ComparedCell, slice: Slice): ComparedCell | null {
  const after = partOf(cell.after, slice)
  if (!after) return null
  const before = cell.obstacle || !cell.before ? null : partOf(cell.before, slice)
  return stateAlone(ctx, { ...cell, after, before: before ?? (cell.obstacle ? cell.before : null) })
}

function partOf(cell: HeldCell, { key, value, ids }: Slice): HeldCell | null {
  const items = (cell.items ?? []).filter((item) => ids.has(item.id))
  const score = scoreOfItems(items, { metric: cell.row.metric, score: cell.score, scale: cell.row.scale })
  if (items.length === 0 || score === null) return null
  const n = new Set(items.map((item) => item.id)).size
  return {
    ...cell,
    row: { ...cell.row, n, n_items: items.length, n_clusters: null, stderr: null },
    ids: `${cell.ids} ${key}=${value}`,
    score,
    items,
    bits: null,
    listId: null,
    interval: null,
  }
}
