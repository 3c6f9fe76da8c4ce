import { differingSoftFields, type HardField } from '#src/core/evaluations/comparable.ts'
import { type EvaluationViewRow, listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import type { MeasuredCheckpoint } from '#src/db/queries/evaluations/list-measured.ts'
import { instantOrNull } from '#src/db/queries/instant.ts'
import type { EdgeEnd } from '#src/db/queries/lineage/list-edges.ts'
import type { MatrixCellDetail, MatrixSide } from '#src/protocol/matrix.ts'
import type { Context } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'
import { refOf } from '#src/services/experiments/view.ts'
import { viewBenchmark } from '../view.ts'
import type { ComparedCell } from './compare-column.ts'
import { pointOf } from './get.ts'
import { flipsOf, type HeldCell, holdCells, intervalOf, readForPairs } from './held-cells.ts'
import { type CellInput, checkpointsById, neighboursOf, type OpenCell, openCell } from './open-cell.ts'
import { readSlices, sliceCell } from './slice-cells.ts'

/**
 * A cell of the matrix opened: both sides with their protocols, the test, the budget, what flipped, slices, and which other
 * checkpoints answered the same items.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getMatrixCell(ctx: Context, input: CellInput): Promise<MatrixCellDetail> {
  const open = await openCell(ctx, input)
  const { scope, chosen, cell, checkpoint } = open
  const { after, before, estimate, stated } = cell
  const comparable = before !== null && cell.obstacle === null
  const sides = before ? [after, before] : [after]
  const neighbours = neighboursOf(chosen, checkpoint.experiment_id)
  const [rows, slices, checkpoints, beside] = await Promise.all([
    listEvaluations(ctx.db, scope, { ids: sides.map((side) => side.row.id) }),
    readSlices(ctx, scope, sides),
    checkpointsById(ctx, scope, [
      ...sides.map((side) => side.row.checkpoint_id),
      ...neighbours.map((neighbour) => neighbour.checkpointId),
    ]),
    holdCells(
      ctx,
      scope,
      neighbours.map((neighbour) => neighbour.checkpointId),
    ),
  ])
  if (comparable) await readForPairs(ctx, scope, [[before, after]])
  const flips = comparable ? flipsOf(before, after) : null
  const view = (side: HeldCell) => viewSide(side, cell, rows, checkpoints, chosen.ends)
  return {
    benchmark: viewBenchmark(cell.benchmark),
    role: cell.role,
    after: view(after),
    before: before && view(before),
    stages_back: cell.stagesBack,
    state: cell.state,
    reason: cell.reason,
    differing: differingOf(open),
    unlike: unlikeOf(cell, rows),
    change: estimate?.change ?? null,
    change_low: estimate?.low ?? null,
    change_high: estimate?.high ?? null,
    p: estimate?.p ?? null,
    p_adjusted: stated?.pAdjusted ?? null,
    family: cell.family,
    paired_n: estimate?.pairedN ?? null,
    method: estimate?.method ?? '',
    below_margin: stated?.belowMargin ?? false,
    severe: stated?.severe ?? false,
    detectable: estimate?.detectable ?? null,
    tolerance: cell.tolerance,
    budget: cell.verdict,
    flips,
    flips_note: flips ? null : whyNoFlips(cell),
    slices: (slices.get(cell.benchmark.id) ?? []).flatMap((slice) => {
      const part = sliceCell(ctx, cell, slice)
      if (!part?.after.row.n) return []
      return [
        {
          key: slice.key,
          value: slice.value,
          n: part.after.row.n,
          before: cell.obstacle ? null : (part.before?.score ?? null),
          after: part.after.score,
          change: part.estimate?.change ?? null,
          low: part.estimate?.low ?? null,
          high: part.estimate?.high ?? null,
          p: part.estimate?.p ?? null,
        },
      ]
    }),
    beside: neighbours.flatMap(({ experimentId, checkpointId, relation }) => {
      const end = chosen.ends.get(experimentId)
      const row = checkpoints.get(checkpointId)
      const isShown = checkpointId !== before?.row.checkpoint_id && checkpointId !== after.row.checkpoint_id
      const answered = (beside.get(checkpointId)?.all ?? []).some((other) => isSameQuestion(other, after))
      return end && row && isShown && answered ? [{ experiment: refOf(end), checkpoint: pointOf(row), relation }] : []
    }),
  }
}

/** True when two cells asked the same items: their answers may be read side by side, whatever the protocol. */
export const isSameQuestion = (a: HeldCell, b: HeldCell): boolean =>
  a.row.benchmark_id === b.row.benchmark_id && a.row.metric === b.row.metric && a.row.n_items > 0

function viewSide(
  side: HeldCell,
  { benchmark }: ComparedCell,
  rows: readonly EvaluationViewRow[],
  checkpoints: ReadonlyMap<number, MeasuredCheckpoint>,
  ends: ReadonlyMap<number, EdgeEnd>,
): MatrixSide {
  const row = rows.find((evaluation) => evaluation.id === side.row.id)
  const checkpoint = checkpoints.get(side.row.checkpoint_id)
  const end = checkpoint && ends.get(checkpoint.experiment_id)
  invariant(row && checkpoint && end, 'a cell hangs on an evaluation of a checkpoint of a stage')
  const interval = intervalOf(side, benchmark.kind)
  return {
    experiment: refOf(end),
    checkpoint: pointOf(checkpoint),
    evaluation: row.uid,
    metric: side.row.metric,
    score: side.score,
    low: interval.low,
    high: interval.high,
    interval_method: interval.method,
    interval_note: interval.note,
    n: side.row.n,
    n_missing: side.row.n_missing,
    n_items: side.row.n_items,
    trials: side.trials,
    fingerprint: row.fingerprint,
    protocol: { ...row.protocol, ...row.soft },
    source: row.source,
    measured_at: instantOrNull(row.measured_at),
  }
}

/** Protocol fields that keep two sides from being compared, with what each of them says. */
export function differingOf({ column, cell }: Pick<OpenCell, 'column' | 'cell'>): MatrixCellDetail['differing'] {
  const { before, after, obstacle } = cell
  if (!before || !obstacle) return []
  const [was, is] = [before, after].map((side) => column.protocols.get(side.row.protocol_id)?.fields)
  const told = (value: unknown) => (value === undefined || value === null ? null : String(value))
  return obstacle.fields.map((field: HardField) => ({
    field: field.replaceAll('_', ' '),
    before: told(was?.[field]),
    after: told(is?.[field]),
  }))
}

/** Soft fields in which the two sides differ. */
function unlikeOf({ before, after }: ComparedCell, rows: readonly EvaluationViewRow[]): string[] {
  const [was, is] = [before, after].map((side) => rows.find((row) => row.id === side?.row.id)?.soft)
  return was && is ? differingSoftFields(was, is).map((field) => field.replaceAll('_', ' ')) : []
}

function whyNoFlips({ before, after, benchmark, obstacle }: ComparedCell): string {
  if (!before || obstacle) return 'There is nothing to compare its items with.'
  if (after.row.n_items === 0 || before.row.n_items === 0) {
    const [which] = after.row.n_items === 0 ? ['this checkpoint'] : ['the baseline']
    return `Item results of ${which} were not stored: only totals are known.`
  }
  return benchmark.kind === 'loss'
    ? 'A loss has documents, not answers that are right or wrong.'
    : 'Its items have scores in between, not only right and wrong.'
}
