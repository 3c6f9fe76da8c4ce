import { normalisedPoints } from '#src/core/forgetting/common-unit.ts'
import { meanOf } from '#src/core/forgetting/coverage.ts'
import type { Measure } from '#src/core/forgetting/path-measures.ts'
import type { Triangle, TriangleMeasure } from '#src/protocol/triangle.ts'
import type { Context } from '#src/services/context.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { whyNotComparable } from '#src/services/evaluations/compare.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { honestLoss } from './best-ancestor.ts'
import { counterpart, meanScore, measuresOf, type Stop, stopsOf } from './lineage.ts'
import { readWeightPath, type WeightPath } from './weight-path.ts'

/**
 * R of the path to a stage: the model after each stage that aims at something on the targets of each of them, in normalised points, with
 * ACC, LA, BWT, F and FWT under every convention that is in use. What cannot be told is null with the reason, never zero.
 *
 * @param input.experiment the leaf
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getTriangle(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; experiment: number | string },
): Promise<Triangle> {
  const { scope, experiment } = await openExperiment(ctx, input, 'eval:read')
  const path = await readWeightPath(ctx, scope, experiment.id)
  const stops = stopsOf(path, experiment.id)
  const learners = stops.filter(({ targets }) => targets.length > 0)
  const cells = learners.map((model) =>
    learners.map(({ targets }) => ({ score: meanScore(targets, model.cells), reason: whyMissing(targets, model) })),
  )
  const of = measuresOf(ctx, stops)
  const T = learners.length
  const why = whyNone(learners, cells)
  const told = (measure: Measure | null, reason: string | null): TriangleMeasure => ({
    of: measure,
    reason: measure ? null : (reason ?? 'a score is missing'),
  })
  const honest = T < 2 ? null : honestForgetting(path, stops, experiment.id)
  return {
    stages: learners.map(({ ref, targets }) => ({
      ...ref,
      targets: targets.map(({ row }) => ({ slug: row.slug, name: row.name })),
    })),
    without: stops.filter(({ targets }) => targets.length === 0).map(({ ref }) => ref.experiment.name),
    cells,
    measures: {
      final_accuracy: told(of.finalAccuracy, why.last),
      learning_accuracy: told(of.learningAccuracy, why.none),
      backward_transfer: told(of.backwardTransfer, why.last),
      backward_transfer_over_t: told(of.backwardTransferOverT, why.last),
      forgetting: told(of.forgetting, why.lower),
      forgetting_over_t: told(of.forgettingOverT, why.lower),
      forgetting_over_all: told(of.forgettingOverAll, why.all),
      forgetting_honest: told(honest, T < 2 ? why.lower : HONEST_NEEDS),
      forward_transfer: told(of.forwardTransfer, why.forward),
    },
  }
}

const HONEST_NEEDS =
  'items of every earlier target are needed, on the last stage and on its ancestors, each with a score of its own'

/** What a model lacks of the targets of a stage; null when it has them all. */
function whyMissing(targets: readonly Cell[], { cells, ref }: Stop): string | null {
  const lacks = targets.flatMap((target) => {
    if (counterpart(target, cells)) return []
    const other = cells.find((cell) => cell.row.benchmark_id === target.row.benchmark_id)
    const why = other ? whyNotComparable(target, other) : null
    return [
      why
        ? `${target.row.name} at ${ref.experiment.name}: ${why}`
        : `${target.row.name} was not measured on ${ref.experiment.name}`,
    ]
  })
  return lacks.length === 0 ? null : lacks.join('; ')
}

/** Why measures are not defined, by the part of R that they need. */
function whyNone(learners: readonly Stop[], cells: Triangle['cells']) {
  const none = learners.length === 0 ? 'no stage of this path has a target benchmark' : null
  const one = learners.length === 1 ? 'BWT and F need two stages with a target' : none
  const first = (needs: (i: number, j: number) => boolean): string | null =>
    cells.flatMap((row, i) => row.flatMap(({ reason }, j) => (reason !== null && needs(i, j) ? [reason] : [])))[0] ??
    null
  const T = learners.length
  const chance = learners.flatMap(({ targets }) => targets).find(({ row }) => row.chance === null)
  return {
    none,
    last: (T === 1 ? one : none) ?? first((i, j) => i === T - 1 || i === j),
    lower: one ?? first((i, j) => i >= j),
    all: one ?? first((_, j) => j < T - 1),
    forward:
      one ?? (chance ? `nobody said what chance gives on ${chance.row.name}` : null) ?? first((i, j) => j === i + 1),
  }
}

/** Mean over the earlier stages of what their targets lost, the best ancestor chosen on one half of the items and measured on the other. */
function honestForgetting(path: WeightPath, stops: readonly Stop[], leafId: number): Measure | null {
  const leaf = stops.at(-1)
  const earlier = stops.filter(({ targets }) => targets.length > 0).slice(0, -1)
  const losses = earlier.map(({ targets }) => {
    const lost = targets.map((target) => {
      const own = leaf ? counterpart(target, leaf.cells) : null
      const loss = own && honestLoss(path, leafId, own)
      return own === null || loss === null
        ? null
        : normalisedPoints(own.row, { delta: loss, se: null, low: null, high: null }).delta
    })
    return meanOrNull(lost)
  })
  const value = meanOrNull(losses)
  return value === null ? null : { value, se: null, low: null, high: null, over: losses.length }
}

function meanOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length < values.length ? null : meanOf(known)
}
