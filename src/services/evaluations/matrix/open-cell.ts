import { principalEdge } from '#src/core/lineage/weight-path.ts'
import { findCheckpoint } from '#src/db/queries/checkpoints/find-checkpoint.ts'
import {
  listBenchmarksById,
  listMeasuredBenchmarkIds,
  listMeasuredCheckpoints,
  type MeasuredCheckpoint,
} from '#src/db/queries/evaluations/list-measured.ts'
import { type ProjectScope, projectScope } from '#src/db/scope.ts'
import type { MatrixCellQuery } from '#src/protocol/matrix.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import type { Context } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { type ChosenColumns, chooseColumns } from './choose-columns.ts'
import type { ComparedCell, ComparedColumn } from './compare-column.ts'
import { baselineNamed, compareColumns } from './compare-columns.ts'

export type ColumnInput = Pick<MatrixCellQuery, 'checkpoint' | 'variant' | 'baseline'> & {
  workspace?: string | undefined
  project: string
}
export type CellInput = MatrixCellQuery & ColumnInput

export interface OpenColumn {
  scope: ProjectScope
  chosen: ChosenColumns
  column: ComparedColumn
  checkpoint: MeasuredCheckpoint
}

export interface OpenCell extends OpenColumn {
  cell: ComparedCell
}

/**
 * One checkpoint, perhaps in a variant, against its baseline over all of its benchmarks.
 *
 * @throws Refusal `not_found` (absent, foreign, or not measured so), `forbidden`
 */
export async function openColumn(ctx: Context, input: ColumnInput): Promise<OpenColumn> {
  const { scope, project } = await openProject(ctx, input, 'eval:read')
  const found = await findCheckpoint(ctx.db, scope, input.checkpoint)
  if (!found || !permissionsIn(ctx.actor, projectScope(found.workspaceId, found.projectId)))
    throw notFound('This checkpoint')
  const chosen = await chooseColumns(ctx, scope, project.slug, { set: 'picked', checkpoints: [input.checkpoint] })
  const baseline = await baselineNamed(ctx, scope, input.baseline)
  const benchmarks = await listBenchmarksById(
    ctx.db,
    scope,
    await listMeasuredBenchmarkIds(ctx.db, projectScope(found.workspaceId, found.projectId), [found.id]),
  )
  const page = chosen.columns.filter((column) => column.variant === input.variant)
  const [column] = await compareColumns(ctx, scope, chosen, page, baseline, new Map(benchmarks.map((b) => [b.id, b])))
  const checkpoint = column?.column.checkpoint
  if (!column || !checkpoint) throw notFound(`A score of this checkpoint${asVariant(input)}`)
  return { scope, chosen, column, checkpoint }
}

const asVariant = ({ variant }: ColumnInput): string => (variant === '' ? '' : ` as "${variant}"`)

/**
 * One cell of the matrix with its whole column behind it, since its state hangs on the other benchmarks of the stage.
 *
 * @throws Refusal `not_found` (absent, foreign, or not measured), `forbidden`
 */
export async function openCell(ctx: Context, input: CellInput): Promise<OpenCell> {
  const open = await openColumn(ctx, input)
  const cell = open.column.cells.find(({ benchmark }) => benchmark.slug === input.benchmark)
  if (!cell) throw notFound(`A score of ${input.benchmark} on this checkpoint${asVariant(input)}`)
  return { ...open, cell }
}

/** A checkpoint that may be read beside the two of a cell. */
export interface Neighbour {
  experimentId: number
  checkpointId: number
  relation: 'path' | 'sibling' | 'child'
}

/** The checkpoints of the stages around one: those before it, its siblings, and those that start from it. */
export function neighboursOf({ edges, of }: ChosenColumns, experimentId: number): Neighbour[] {
  const parent = principalEdge(edges, experimentId)?.parent ?? null
  const childrenOf = (id: number) =>
    [...new Set(edges.flatMap((edge) => (edge.parent === id ? [edge.child] : [])))].filter(
      (child) => principalEdge(edges, child)?.parent === id,
    )
  const path: number[] = []
  for (let at = parent; at !== null && !path.includes(at); at = principalEdge(edges, at)?.parent ?? null) path.push(at)
  const siblings = parent === null ? [] : childrenOf(parent).filter((id) => id !== experimentId)
  const named = [
    ...siblings.map((id) => ({ id, relation: 'sibling' as const })),
    ...path.map((id) => ({ id, relation: 'path' as const })),
    ...childrenOf(experimentId).map((id) => ({ id, relation: 'child' as const })),
  ]
  return named.flatMap(({ id, relation }) => {
    const checkpoint = of.get(id)
    return checkpoint ? [{ experimentId: id, checkpointId: checkpoint.id, relation }] : []
  })
}

/** Rows of checkpoints by their id. */
export const checkpointsById = async (ctx: Context, scope: ProjectScope, ids: readonly number[]) =>
  new Map((await listMeasuredCheckpoints(ctx.db, scope, { ids })).map((row) => [row.id, row]))
