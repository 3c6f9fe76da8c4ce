/** Columns of a matrix against their baselines: what must be read for them, then pairs, states and budgets. */

import { MATRIX_BASELINES, type MatrixBaseline } from '#src/core/evaluations/matrix-kinds.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { findCheckpoint } from '#src/db/queries/checkpoints/find-checkpoint.ts'
import {
  listMeasuredCheckpoints,
  listProtocols,
  type MeasuredBenchmark,
} from '#src/db/queries/evaluations/list-measured.ts'
import { listBenchmarkRoles } from '#src/db/queries/experiments/list-benchmark-roles.ts'
import { type ProjectScope, projectScope, type Scope } from '#src/db/scope.ts'
import type { MatrixQuery } from '#src/protocol/matrix.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { type Above, aboveOf, type ChosenColumn, type ChosenColumns } from './choose-columns.ts'
import {
  type ColumnBaseline,
  type ColumnInput,
  type ComparedColumn,
  compareColumn,
  type PairedCell,
  pairColumn,
} from './compare-column.ts'
import {
  areBits,
  type HeldCell,
  type HeldCheckpoint,
  holdCells,
  lacksItems,
  readForIntervals,
  readForPairs,
} from './held-cells.ts'

/**
 * What a query names as its baseline: a kind, or the inner id of a checkpoint of the workspace.
 *
 * @throws Refusal `not_found`
 */
export async function baselineNamed(
  ctx: Context,
  scope: ProjectScope,
  baseline: MatrixQuery['baseline'],
): Promise<MatrixBaseline | number> {
  if (isKind(baseline)) return baseline
  const found = await findCheckpoint(ctx.db, scope, baseline)
  if (!found || !permissionsIn(ctx.actor, projectScope(found.workspaceId, found.projectId)))
    throw notFound('The checkpoint to compare with')
  return found.id
}

const isKind = (baseline: string): baseline is MatrixBaseline =>
  (MATRIX_BASELINES as readonly string[]).includes(baseline)

/** Columns with everything that their comparison hangs on, before any number is told. */
export interface GatheredColumns {
  page: readonly ChosenColumn[]
  benchmarks: ReadonlyMap<number, MeasuredBenchmark>
  /** In parallel to the page; null: a stage without a checkpoint. */
  inputs: readonly (ColumnInput | null)[]
  protocols: ComparedColumn['protocols']
  checkpoints: ComparedColumn['checkpoints']
}

/** Columns of a matrix against their baselines. */
export async function compareColumns(
  ctx: Context,
  scope: ProjectScope,
  chosen: ChosenColumns,
  page: readonly ChosenColumn[],
  baseline: MatrixBaseline | number,
  benchmarks: ReadonlyMap<number, MeasuredBenchmark>,
): Promise<ComparedColumn[]> {
  return compareGathered(ctx, scope, await gatherColumns(ctx, scope, chosen, page, baseline, benchmarks))
}

/**
 * Reads what the columns of a page hang on: cells of their checkpoints and of all above them, meanings, protocols.
 *
 * @param asked benchmarks that were read, or are being read meanwhile
 */
export async function gatherColumns(
  ctx: Context,
  scope: ProjectScope,
  chosen: ChosenColumns,
  page: readonly ChosenColumn[],
  baseline: MatrixBaseline | number,
  asked: ReadonlyMap<number, MeasuredBenchmark> | Promise<ReadonlyMap<number, MeasuredBenchmark>>,
): Promise<GatheredColumns> {
  const above = new Map<number, Above>()
  for (const { experimentId } of page)
    if (!above.has(experimentId)) above.set(experimentId, aboveOf(chosen, experimentId))
  const own = page.flatMap((column) => column.checkpoint?.id ?? [])
  const others = [
    ...[...above.values()].flatMap(({ path, root, all }) => [...path, ...all, ...(root === null ? [] : [root])]),
    ...(typeof baseline === 'number' ? [baseline] : []),
  ]
  const ids = [...new Set([...own, ...others])]
  const known = new Map(chosen.measured.map((row) => [row.id, row]))
  const [benchmarks, held, roles, rows] = await Promise.all([
    asked,
    holdCells(ctx, scope, ids),
    listBenchmarkRoles(ctx.db, scope, [...above.keys()]),
    listMeasuredCheckpoints(ctx.db, scope, { ids: ids.filter((id) => !known.has(id)) }),
  ])
  const protocols = await protocolsOf(ctx, scope, held)
  const meanings = groupBy(roles, (role) => role.experimentId)
  const inputs = page.map((column): ColumnInput | null => {
    if (!column.checkpoint) return null
    const { path, root, all } = above.get(column.experimentId) ?? { path: [], root: null, all: [] }
    return {
      checkpoint: column.checkpoint.id,
      variant: column.variant,
      baseline: baselineFor(baseline, { path, root, all }),
      ancestors: all,
      cells: held,
      benchmarks,
      protocols,
      meanings: new Map(
        (meanings.get(column.experimentId) ?? []).map(({ benchmarkId, role, tolerance }) => [
          benchmarkId,
          { role, tolerance },
        ]),
      ),
    }
  })
  for (const row of rows) known.set(row.id, row)
  return { page, benchmarks, inputs, protocols, checkpoints: known }
}

/** Compares gathered columns; those that lack items have them read first. */
export async function compareGathered(
  ctx: Context,
  scope: ProjectScope,
  { page, inputs, protocols, checkpoints }: GatheredColumns,
): Promise<ComparedColumn[]> {
  const pairs = inputs.map((input) => (input ? pairColumn(input) : []))
  await readForIntervals(ctx, scope, sidesLackingItems(pairs))
  await readForPairs(ctx, scope, pairs.flatMap(unlikePairs))
  return page.map((column, i) => {
    const input = inputs[i] ?? null
    return {
      column,
      cells: input ? compareColumn(ctx, input, pairs[i] ?? []) : [],
      protocols,
      against: input ? commonBaseline(input) : null,
      checkpoints,
    }
  })
}

function sidesLackingItems(pairs: readonly (readonly PairedCell[])[]): HeldCell[] {
  const lacking = new Set<HeldCell>()
  for (const column of pairs)
    for (const { after, before } of column) {
      if (lacksItems(after)) lacking.add(after)
      if (before && lacksItems(before)) lacking.add(before)
    }
  return [...lacking]
}

const unlikePairs = (column: readonly PairedCell[]): [HeldCell, HeldCell][] => {
  const pairs: [HeldCell, HeldCell][] = []
  for (const { before, after, obstacle } of column)
    if (before && obstacle === null && !areBits(before, after)) pairs.push([before, after])
  return pairs
}

const baselineFor = (baseline: MatrixBaseline | number, above: Above): ColumnBaseline =>
  typeof baseline === 'number' ? { kind: 'chosen', checkpoint: baseline } : { kind: baseline, above }

/** The checkpoint that all cells of a column are compared with; null: none, or it differs from cell to cell. */
export function commonBaseline({ baseline, checkpoint, variant }: ColumnInput): number | null {
  if (baseline.kind === 'chosen') return baseline.checkpoint
  if (variant !== '') return checkpoint
  if (baseline.kind === 'best') return null
  return (baseline.kind === 'root' ? baseline.above.root : baseline.above.path[0]) ?? null
}

async function protocolsOf(ctx: Context, scope: Scope, held: ReadonlyMap<number, HeldCheckpoint>) {
  const ids = new Set<number>()
  for (const { protocols } of held.values()) for (const id of protocols) ids.add(id)
  const rows = await listProtocols(ctx.db, scope, [...ids])
  return new Map(rows.map((row) => [row.id, row]))
}
