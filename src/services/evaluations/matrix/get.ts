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
import { type ChosenColumn, type ChosenColumns, chooseColumns } from './choose-columns.ts'
import type { ComparedCell, ComparedColumn, ShownRow } from './compare-column.ts'
import { baselineNamed, compareColumns } from './compare-columns.ts'
import { intervalOf } from './held-cells.ts'
import { sliceRows, TOO_MANY_ITEMS } from './slice-cells.ts'

export type MatrixInput = MatrixQuery & { workspace?: string | undefined; project: string }

/**
 * The matrix of checkpoints and benchmarks: scores with intervals, and of each the change against a baseline, with its paired
 * interval, state and budget. Columns come in pages; states need whole columns, so rows do not.
 *
 * @throws Refusal `not_found` for a project, stage or checkpoint that is not there, `forbidden`, `invalid_request`
 */
export async function getMatrix(ctx: Context, input: MatrixInput): Promise<Matrix> {
  const { scope, project } = await openProject(ctx, input, 'eval:read')
  const chosen = await chooseColumns(ctx, scope, project.slug, input)
  const baseline = await baselineNamed(ctx, scope, input.baseline)
  const page = chosen.columns.slice(input.from, input.from + input.count)
  const benchmarks = await benchmarksOf(ctx, scope, input, chosen.columns)
  const compared = await compareColumns(ctx, scope, chosen, page, baseline, benchmarks)
  const slices = input.slices === 'true' ? await sliceRows(ctx, scope, compared, benchmarks.values()) : null
  const matrix = viewMatrix(input, chosen, compared, {
    rows: slices?.rows ?? [...benchmarks.values()].map((benchmark) => ({ benchmark, slice: null })),
    cellsOf: (column) => slices?.cellsOf(column) ?? column.cells,
  })
  return input.slices === 'true' && slices === null ? { ...matrix, slices_left_out: TOO_MANY_ITEMS } : matrix
}

/** Benchmarks that were measured on any of the columns: losses first, then by category and name. */
async function benchmarksOf(
  ctx: Context,
  scope: ProjectScope,
  { set }: MatrixInput,
  columns: readonly ChosenColumn[],
): Promise<Map<number, MeasuredBenchmark>> {
  const checkpoints = columns.flatMap((column) => column.checkpoint ?? [])
  const own = checkpoints.filter((checkpoint) => checkpoint.project_id === scope.projectId)
  const others = groupBy(
    checkpoints.filter((checkpoint) => checkpoint.project_id !== scope.projectId),
    (checkpoint) => checkpoint.project_id,
  )
  const idsOf = (rows: readonly MeasuredCheckpoint[]) => rows.map((row) => row.id)
  const ids = await Promise.all([
    listMeasuredBenchmarkIds(ctx.db, scope, set === 'all' ? null : idsOf(own)),
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
  compared: readonly ComparedColumn[],
  shown: { rows: readonly ShownRow[]; cellsOf: (column: ComparedColumn) => readonly ComparedCell[] },
): Matrix {
  const baselines = listOf<number>()
  const protocols = listOf<string>()
  const reasons = listOf<string>()
  const known = new Map<string, Matrix['protocols'][number]>()
  const rowOf = new Map(shown.rows.map((row, i) => [rowKey(row.benchmark.id, row.slice), i]))
  const columns = compared.map((column): MatrixColumn => {
    const { column: head, checkpoints } = column
    const end = chosen.ends.get(head.experimentId)
    if (!end) throw new Error('a column names a stage of its own lineage')
    const cells = emptyCells()
    const within = { kept: 0, of: 0, beyond: 0 }
    for (const cell of shown.cellsOf(column)) {
      const at = rowOf.get(rowKey(cell.benchmark.id, cell.slice))
      if (at === undefined) continue
      const interval = intervalOfShown(cell)
      const { estimate, after } = cell
      const protocol = column.protocols.get(after.row.protocol_id)
      const protocolKey = `${after.row.protocol_id} ${after.row.metric}`
      if (protocol && !known.has(protocolKey)) {
        const { fingerprint, name, fields } = protocol
        known.set(protocolKey, { fingerprint, name, metric: after.row.metric, fields })
      }
      cells.at.push(at)
      cells.score.push(after.score)
      cells.low.push(short(interval.low))
      cells.high.push(short(interval.high))
      cells.n.push(after.row.n)
      cells.trials.push(after.trials)
      cells.protocol.push(protocols.place(protocolKey))
      cells.role.push(cell.role)
      cells.state.push(cell.state)
      cells.change.push(short(estimate?.change ?? null))
      cells.change_low.push(short(estimate?.low ?? null))
      cells.change_high.push(short(estimate?.high ?? null))
      cells.p.push(short(cell.stated?.pAdjusted ?? estimate?.p ?? null))
      cells.paired_n.push(estimate?.pairedN ?? null)
      cells.tolerance.push(cell.tolerance)
      cells.budget.push(cell.verdict)
      const before = cell.before?.row.checkpoint_id ?? null
      cells.against.push(before === null || !checkpoints.has(before) ? null : baselines.place(before))
      const reason = cell.reason ?? (interval.low === null ? interval.note : null)
      cells.reason.push(reason === null ? null : reasons.place(reason))
      if (cell.verdict === null || cell.slice) continue
      within.of++
      if (isWithin(cell)) within.kept++
      if (cell.verdict === 'fail') within.beyond++
    }
    const { checkpoint } = head
    return {
      experiment: refOf(end),
      group: head.group,
      checkpoint: checkpoint && pointOf(checkpoint),
      state: head.state,
      variant: head.variant,
      of_stage: checkpoint !== null && chosen.of.get(head.experimentId)?.id === checkpoint.id,
      run: checkpoint?.run ?? null,
      baseline: column.against === null || !checkpoints.has(column.against) ? null : baselines.place(column.against),
      within,
      cells,
    }
  })
  const everywhere = new Map(compared.flatMap((column) => [...column.checkpoints]))
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
      const checkpoint = everywhere.get(id)
      const end = checkpoint && chosen.ends.get(checkpoint.experiment_id)
      return checkpoint && end ? [{ experiment: refOf(end), checkpoint: pointOf(checkpoint) }] : []
    }),
    protocols: protocols.all().flatMap((key) => known.get(key) ?? []),
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

export const rowKey = (benchmark: number, slice: ShownRow['slice']): string =>
  slice ? `${benchmark} ${slice.key}=${slice.value}` : String(benchmark)

export const pointOf = ({ uid, step, tokens }: MeasuredCheckpoint) => ({ id: uid, step, tokens })

/** Within its tolerance as far as the estimate goes. */
function isWithin({ benchmark, estimate, tolerance }: ComparedCell): boolean {
  if (!estimate || tolerance === null) return false
  return benchmark.orientation * estimate.change >= -tolerance
}

const intervalOfShown = (cell: ComparedCell) => intervalOf(cell.after, cell.benchmark.kind)

/** Seven decimals: more than any page prints, and half the bytes. */
const short = (value: number | null): number | null =>
  value === null || Math.abs(value) >= 1e6 ? value : Math.round(value * 1e7) / 1e7

/** Values in the order in which they were first named. */
function listOf<T>() {
  const places = new Map<T, number>()
  return {
    place(value: T): number {
      const known = places.get(value)
      if (known !== undefined) return known
      places.set(value, places.size)
      return places.size - 1
    },
    all: (): T[] => [...places.keys()],
  }
}

const emptyCells = (): MatrixColumn['cells'] => ({
  at: [],
  score: [],
  low: [],
  high: [],
  n: [],
  trials: [],
  protocol: [],
  role: [],
  state: [],
  change: [],
  change_low: [],
  change_high: [],
  p: [],
  paired_n: [],
  tolerance: [],
  budget: [],
  against: [],
  reason: [],
})
