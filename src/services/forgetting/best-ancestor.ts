import { itemFactor } from '#src/core/evaluations/score-interval.ts'
import { sharedForm } from '#src/core/evaluations/slim-item.ts'
import { averageTrials } from '#src/core/evaluations/trials.ts'
import { bestAncestorForgetting, honestForgetting, type SharedItems } from '#src/core/forgetting/best-ancestor.ts'
import { commonUnit } from '#src/core/forgetting/common-unit.ts'
import { meanOf } from '#src/core/forgetting/coverage.ts'
import type { BestAncestorView } from '#src/protocol/forgetting.ts'
import type { Context } from '#src/services/context.ts'
import { notFound } from '#src/services/errors.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { ancestorCellsSince } from './family.ts'
import type { StageVerdictInput } from './verdict.ts'
import { type MeasuredPath, readWeightPath } from './weight-path.ts'

/**
 * What a stage lost of one benchmark against the best of its weight ancestors since the benchmark's introduction: with a joint
 * bootstrap over the items that all of them answered, and the honest figure, where the best is chosen on half of the items and
 * measured on the other.
 *
 * @throws Refusal `not_found` (also for a benchmark that was not measured on the stage), `forbidden`
 */
export async function getBestAncestor(
  ctx: Context,
  input: StageVerdictInput & { benchmark: string },
): Promise<BestAncestorView> {
  const { scope, experiment } = await openExperiment(ctx, input, 'eval:read')
  const path = await readWeightPath(ctx, scope, experiment.id)
  const stage = path.stages.get(experiment.id)
  const own = (stage ? (path.cells.get(stage.id) ?? []) : []).find((cell) => cell.row.slug === input.benchmark)
  if (!own) throw notFound(`An evaluation of this stage on "${input.benchmark}"`)
  const { candidates, items } = itemsInPoints(path, experiment.id, own)
  const ancestors = candidates.map(({ id }) => path.ref(id))
  const none = (reason: string): BestAncestorView => ({
    ancestors,
    n: null,
    best: null,
    lost: null,
    honest: null,
    reason,
  })
  if (candidates.length === 0) return none('no ancestor was measured under the same protocol')
  if (!items) return none('the items of all are needed, each with a score of its own')
  const joint = bestAncestorForgetting(items)
  if (!joint) return none('two shared items are needed')
  const { forgetting, best, low, high, selection } = joint
  return {
    ancestors,
    n: items.own.length,
    best: ancestors[best] ?? null,
    lost: { value: forgetting, low, high, selection },
    honest: honestForgetting(items),
    reason: null,
  }
}

/**
 * Honest forgetting of one benchmark at a stage, in points or its own unit; null where no ancestor was measured alike, or items are
 * missing.
 */
export function honestLoss(path: MeasuredPath, experimentId: number, own: Cell): number | null {
  const { items } = itemsInPoints(path, experimentId, own)
  return items && honestForgetting(items)
}

/** The ancestors since the benchmark was introduced, and what they and the stage scored on the items that all of them answered. */
function itemsInPoints(
  path: MeasuredPath,
  experimentId: number,
  own: Cell,
): { candidates: { id: number; cell: Cell }[]; items: SharedItems | null } {
  const candidates = ancestorCellsSince(path, experimentId, own)
  const shared = sharedScores(
    own,
    candidates.map(({ cell }) => cell),
  )
  if (!shared) return { candidates, items: null }
  const mean = meanOf(shared.own) ?? 0
  const toPoints = commonUnit(own.row) === 'points' ? 100 / own.row.scale : 1
  const factor = own.row.orientation * toPoints * itemFactor(mean, own.score, own.row.scale)
  const scaled = (scores: readonly number[]) => scores.map((score) => score * factor)
  return { candidates, items: { own: scaled(shared.own), ancestors: shared.others.map(scaled) } }
}

/** Scores of the items that all answered, in one order; null where a side has none of its own. */
function sharedScores(own: Cell, others: readonly Cell[]): { own: number[]; others: number[][] } | null {
  if ([own, ...others].some((cell) => sharedForm(cell.items) !== 'score')) return null
  const maps = others.map((cell) => new Map(averageTrials(cell.items).map(({ id, score }) => [id, score])))
  const both = averageTrials(own.items).filter(({ id }) => maps.every((map) => map.has(id)))
  return { own: both.map(({ score }) => score), others: maps.map((map) => both.map(({ id }) => map.get(id) ?? 0)) }
}
