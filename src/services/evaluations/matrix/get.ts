import { groupBy } from '#src/core/lineage/group-by.ts'
import {
  listBenchmarksById,
  listMeasuredBenchmarkIds,
  type MeasuredBenchmark,
  type MeasuredCheckpoint,
} from '#src/db/queries/evaluations/list-measured.ts'
import { type ProjectScope, projectScope } from '#src/db/scope.ts'
import type { Matrix, MatrixColumn, MatrixQuery } from '#src/protocol/matrix.ts'
import type { Context } from '#src/services/context.ts'
import { refOf } from '#src/services/experiments/view.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { viewBenchmark } from '../view.ts'
import { type ChosenColumns, chooseColumns } from './choose-columns.ts'
import type { ShownRow } from './compare-column.ts'
import { baselineNamed, compareGathered, type GatheredColumns, gatherColumns } from './compare-columns.ts'
import { sliceRows, TOO_MANY_ITEMS } from './slice-cells.ts'
import { listOf, rowKey, type ToldColumn, tellColumn } from './tell-column.ts'
import { type ToldPage, tellColumns } from './told-columns.ts'

export type MatrixInput = MatrixQuery & { workspace?: string | undefined; project: string }

/**
 * The matrix of checkpoints and benchmarks: scores with intervals, and of each the change against a baseline, with its paired
 * interval, state and budget. Columns come in pages; states need whole columns, so rows do not.
 *
 * @throws Refusal `not_found` for a project, stage or checkpoint that is not there, `forbidden`, `invalid_request`
 */
export async function getMatrix(ctx: Context, input: MatrixInput): Promise<Matrix> {
  const { scope, project } = await openProject(ctx, input, 'eval:read')
  const [chosen, baseline] = await Promise.all([
    chooseColumns(ctx, scope, project.slug, input),
    baselineNamed(ctx, scope, input.baseline),
  ])
  const page = chosen.columns.slice(input.from, input.from + input.count)
  const measured = benchmarksOf(ctx, scope, input, chosen)
  const gathered = await gatherColumns(ctx, scope, chosen, page, baseline, measured)
  const { benchmarks } = gathered
  const slices = input.slices === 'true' ? await tellSlices(ctx, scope, gathered) : null
  const told = slices ?? (await tellColumns(ctx, scope, gathered))
  const rows = slices?.rows ?? [...benchmarks.values()].map((benchmark) => ({ benchmark, slice: null }))
  const matrix = viewMatrix(input, chosen, gathered, { rows, ...told })
  return input.slices === 'true' && slices === null ? { ...matrix, slices_left_out: TOO_MANY_ITEMS } : matrix
}

/** Columns with a row for each slice of a benchmark; null where there are too many items to read at once. */
async function tellSlices(
  ctx: Context,
  scope: ProjectScope,
  gathered: GatheredColumns,
): Promise<(ToldPage & { rows: readonly ShownRow[] }) | null> {
  const compared = await compareGathered(ctx, scope, gathered)
  const slices = await sliceRows(ctx, scope, compared, gathered.benchmarks.values())
  if (!slices) return null
  const rowOf = new Map(slices.rows.map((row, i) => [rowKey(row.benchmark.id, row.slice), i]))
  return {
    rows: slices.rows,
    told: compared.map((column) => tellColumn(slices.cellsOf(column), rowOf)),
    against: compared.map((column) => column.against),
  }
}

/** Benchmarks that were measured on any of the columns: losses first, then by category and name. */
async function benchmarksOf(
  ctx: Context,
  scope: ProjectScope,
  { set }: MatrixInput,
  { columns, measured }: ChosenColumns,
): Promise<Map<number, MeasuredBenchmark>> {
  const checkpoints = columns.flatMap((column) => column.checkpoint ?? [])
  const own = checkpoints.filter((checkpoint) => checkpoint.project_id === scope.projectId)
  const others = groupBy(
    checkpoints.filter((checkpoint) => checkpoint.project_id !== scope.projectId),
    (checkpoint) => checkpoint.project_id,
  )
  const idsOf = (rows: readonly MeasuredCheckpoint[]) => [...new Set(rows.map((row) => row.id))]
  const ownIds = idsOf(own)
  const ids = await Promise.all([
    listMeasuredBenchmarkIds(ctx.db, scope, set === 'all' || ownIds.length === measured.length ? null : ownIds),
    ...[...others].map(([project, rows]) =>
      listMeasuredBenchmarkIds(ctx.db, projectScope(scope.workspaceId, project), idsOf(rows)),
    ),
  ])
  const rows = await listBenchmarksById(ctx.db, scope, [...new Set(ids.flat())])
  const rank = (row: MeasuredBenchmark) => (row.kind === 'loss' ? 0 : 1)
  rows.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      a.category.localeCompare(b.category, 'en') ||
      a.name.localeCompare(b.name, 'en') ||
      a.id - b.id,
  )
  return new Map(rows.map((row) => [row.id, row]))
}

function viewMatrix(
  input: MatrixInput,
  chosen: ChosenColumns,
  { page, checkpoints, protocols: known }: GatheredColumns,
  shown: ToldPage & { rows: readonly ShownRow[] },
): Matrix {
  const baselines = listOf<number>()
  const protocols = listOf<string>()
  const reasons = listOf<string>()
  const told = new Map<string, Matrix['protocols'][number]>()
  const placeBaseline = (id: number) => (checkpoints.has(id) ? baselines.place(id) : null)
  const placeProtocol = ({ id, metric }: ToldColumn['protocols'][number]) => {
    const key = `${id} ${metric}`
    const protocol = known.get(id)
    if (protocol && !told.has(key)) {
      const { fingerprint, name, fields } = protocol
      told.set(key, { fingerprint, name, metric, fields })
    }
    return protocols.place(key)
  }
  const columns = page.map((head, i): MatrixColumn => {
    const end = chosen.ends.get(head.experimentId)
    const column = shown.told[i]
    if (!end || !column) throw new Error('a column names a stage of its own lineage, and is told')
    const { checkpoint } = head
    const against = shown.against[i] ?? null
    return {
      experiment: refOf(end),
      group: head.group,
      checkpoint: checkpoint && pointOf(checkpoint),
      state: head.state,
      variant: head.variant,
      of_stage: checkpoint !== null && chosen.of.get(head.experimentId)?.id === checkpoint.id,
      run: checkpoint?.run ?? null,
      baseline: against === null ? null : placeBaseline(against),
      within: column.within,
      cells: {
        ...column.cells,
        protocol: placesIn(column.cells.protocol, column.protocols.map(placeProtocol)),
        against: placesIn(column.cells.against, column.baselines.map(placeBaseline)),
        reason: placesIn(column.cells.reason, column.reasons.map(reasons.place)),
      },
    }
  })
  return {
    set: input.set,
    leaf: chosen.leaf,
    siblings: chosen.siblings,
    baseline: input.baseline,
    rows: shown.rows.map(({ benchmark, slice }) => ({ benchmark: viewBenchmark(benchmark), slice })),
    total: chosen.columns.length,
    from: input.from,
    columns,
    baselines: baselines.all().flatMap((id) => {
      const checkpoint = checkpoints.get(id)
      const end = checkpoint && chosen.ends.get(checkpoint.experiment_id)
      return checkpoint && end ? [{ experiment: refOf(end), checkpoint: pointOf(checkpoint) }] : []
    }),
    protocols: protocols.all().flatMap((key) => told.get(key) ?? []),
    reasons: reasons.all(),
    ...(input.from === 0 && {
      stages: chosen.stages,
      measured: chosen.measured.flatMap((checkpoint) => {
        const end = chosen.ends.get(checkpoint.experiment_id)
        const of_stage = chosen.of.get(checkpoint.experiment_id)?.id === checkpoint.id
        return end ? [{ experiment: end.number, checkpoint: pointOf(checkpoint), of_stage }] : []
      }),
    }),
  }
}

/** Places in a list of a column as places in the page's list. */
const placesIn = <Place extends number | null>(own: readonly Place[], inPage: readonly Place[]): Place[] =>
  own.map((place) => (place === null ? place : (inPage[place] as Place)))

export const pointOf = ({ uid, step, tokens }: MeasuredCheckpoint) => ({ id: uid, step, tokens })
