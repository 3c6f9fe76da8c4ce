import { commonUnit, normalisedPoints, scaleOf } from '#src/core/forgetting/common-unit.ts'
import { meanOf } from '#src/core/forgetting/coverage.ts'
import { normalise } from '#src/core/forgetting/normalise.ts'
import { type PairedDelta, type PathStage, pathMeasures } from '#src/core/forgetting/path-measures.ts'
import type { LineageForgetting, StageRef } from '#src/protocol/forgetting.ts'
import type { Context } from '#src/services/context.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { estimateOf, whyNotComparable } from '#src/services/evaluations/compare.ts'
import { viewBenchmark } from '#src/services/evaluations/view.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { bestOf, utilityOf } from './family.ts'
import { readWeightPath, type WeightPath } from './weight-path.ts'

export const CONVENTION =
  'In points between chance and best; ACC and LA divide by the T stages with a target, BWT, F and FWT by T − 1; F counts from each target’s own stage; FWT is against chance.'

/** One stage of the path with what it was measured on and what it is the first to aim at. */
export interface Stop {
  id: number
  ref: StageRef
  cells: readonly Cell[]
  targets: readonly Cell[]
}

/**
 * The measures of a lineage from its root to a leaf: what is left of every target (ACC, LA, BWT, F, FWT), and the change of every
 * benchmark from the first stage that has it.
 *
 * @param input.experiment the leaf
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getLineageForgetting(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; experiment: number | string },
): Promise<LineageForgetting> {
  const { scope, experiment } = await openExperiment(ctx, input, 'eval:read')
  const path = await readWeightPath(ctx, scope, experiment.id)
  const stops = stopsOf(path, experiment.id)
  const of = measuresOf(ctx, stops)
  return {
    path: stops.map(({ ref, targets }) => ({ ...ref, targets: targets.map((cell) => cell.row.slug) })),
    measures: {
      final_accuracy: of.finalAccuracy,
      learning_accuracy: of.learningAccuracy,
      backward_transfer: of.backwardTransfer,
      forgetting: of.forgetting,
      forward_transfer: of.forwardTransfer,
      lift_over_root: of.liftOverRoot,
      reason: of.reason,
      convention: CONVENTION,
    },
    end_to_end: endToEnd(ctx, path, stops, experiment.id),
    coverage: coverageOf(stops),
  }
}

/** The stages of the path that have a checkpoint, root first. A target belongs to the first that aims at it. */
export function stopsOf(path: WeightPath, leaf: number): Stop[] {
  const rootFirst = [...path.parents].reverse()
  const all = [...rootFirst, { experimentId: leaf, checkpointId: path.stages.get(leaf)?.id ?? null }]
  const claimed = new Set<number>()
  return all.flatMap(({ experimentId, checkpointId }) => {
    if (checkpointId === null) return []
    const cells = path.cells.get(checkpointId) ?? []
    const aims = path.roles.filter((row) => row.experimentId === experimentId && row.role === 'target')
    const targets = aims.flatMap(({ benchmarkId }) => {
      const cell = cells.find(({ row }) => row.benchmark_id === benchmarkId && commonUnit(row) === 'points')
      if (!cell || claimed.has(benchmarkId)) return []
      claimed.add(benchmarkId)
      return [cell]
    })
    return [{ id: experimentId, ref: path.at(experimentId, checkpointId), cells, targets }]
  })
}

/** The measures over the stages that aim at something. */
export function measuresOf(ctx: Context, stops: readonly Stop[]): ReturnType<typeof pathMeasures> {
  const learners = stops.filter(({ targets }) => targets.length > 0)
  const root = stops[0]
  const leaf = stops.at(-1)
  const stages: PathStage[] = learners.map(({ ref, cells }) => ({
    id: ref.experiment.slug,
    onTargets: learners.map((of) => meanScore(of.targets, cells)),
  }))
  const chance = learners.map(({ targets }) => (targets.every(({ row }) => scaleOf(row)?.chanceKnown) ? 0 : null))
  return pathMeasures({
    stages,
    sinceOwnStage: learners.map(({ targets }) => (leaf ? meanChange(ctx, targets, leaf.cells) : null)),
    chance,
    root: learners.map(({ targets }) => (root ? meanScore(targets, root.cells) : null)),
  })
}

/** The cell of the same benchmark that may be compared with a target; null without one. */
export const counterpart = (target: Cell, cells: readonly Cell[]): Cell | null =>
  cells.find((cell) => cell.row.benchmark_id === target.row.benchmark_id && !whyNotComparable(target, cell)) ?? null

/** Mean of normalised scores, in points; null when one of the targets is missing. */
export function meanScore(targets: readonly Cell[], cells: readonly Cell[]): number | null {
  const scores = targets.map((target) => {
    const cell = counterpart(target, cells)
    const scale = cell && scaleOf(cell.row)
    return cell && scale ? 100 * normalise(cell.score, scale) : null
  })
  const known = scores.filter((score) => score !== null)
  return known.length < scores.length ? null : meanOf(known)
}

/** Mean of the changes since the targets' own stage, in points between chance and best, taken as independent. */
function meanChange(ctx: Context, targets: readonly Cell[], cells: readonly Cell[]): PairedDelta | null {
  const changes = targets.flatMap((target) => {
    const cell = counterpart(target, cells)
    const change = cell && utilityOf(target, cell, estimateOf(ctx, target, cell))
    return cell && change ? [normalisedPoints(cell.row, change)] : []
  })
  const delta = changes.length < targets.length ? null : meanOf(changes.map((change) => change.delta))
  if (delta === null) return null
  const errors = changes.flatMap(({ se }) => (se === null ? [] : [se]))
  return { delta, se: errors.length < changes.length ? null : Math.hypot(...errors) / changes.length }
}

function endToEnd(
  ctx: Context,
  path: WeightPath,
  stops: readonly Stop[],
  leafId: number,
): LineageForgetting['end_to_end'] {
  const leaf = stops.at(-1)
  if (!leaf || leaf.id !== leafId) return []
  const seen = new Set<number>()
  return leaf.cells.flatMap((cell) => {
    const unit = commonUnit(cell.row)
    if (unit === null || seen.has(cell.row.benchmark_id)) return []
    seen.add(cell.row.benchmark_id)
    const first = stops.slice(0, -1).find(({ cells }) => counterpart(cell, cells))
    const before = first && counterpart(cell, first.cells)
    const change = before && utilityOf(before, cell, estimateOf(ctx, before, cell))
    if (!first || !change) return []
    const best = bestOf(ctx, path, leafId, cell, path)
    return [
      {
        benchmark: viewBenchmark(cell.row),
        unit,
        from: first.ref.experiment,
        delta: change.delta,
        low: change.low,
        high: change.high,
        lost: best?.lost ?? null,
        best: best?.experiment ?? null,
      },
    ]
  })
}

/** The share of benchmarks that every stage with a checkpoint has. */
function coverageOf(stops: readonly Stop[]): number {
  const sets = stops.map(({ cells }) => new Set(cells.map((cell) => cell.row.benchmark_id)))
  const all = new Set(sets.flatMap((set) => [...set]))
  const shared = [...all].filter((id) => sets.every((set) => set.has(id)))
  return all.size === 0 ? 0 : shared.length / all.size
}
