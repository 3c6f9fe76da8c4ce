/** The benchmarks of a stage's family with both sides of each: what it aims at, what it should keep, what must stay safe. */
import type { BenchmarkRole } from '#src/core/evaluations/benchmarks.ts'
import type { ChangeEstimate } from '#src/core/evaluations/paired-change.ts'
import { asUtility, commonUnit, inCommonUnit, type UnitChange } from '#src/core/forgetting/common-unit.ts'
import { instructionDefaults } from '#src/core/forgetting/instruct-retention.ts'
import { ancestorsSince } from '#src/core/forgetting/lineage-scores.ts'
import { selectionEffect } from '#src/core/forgetting/selection-effect.ts'
import type { MeasuredBenchmark } from '#src/db/queries/evaluations/list-measured.ts'
import type { Benchmark } from '#src/protocol/evaluations.ts'
import type { ForgettingCell } from '#src/protocol/forgetting.ts'
import type { Context } from '#src/services/context.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import {
  estimateOf,
  type Meaning,
  type Pairing,
  pairCells,
  whyNotComparable,
} from '#src/services/evaluations/compare.ts'
import { viewBenchmark } from '#src/services/evaluations/view.ts'
import type { Held } from './judge.ts'
import type { MeasuredPath, StageNames } from './weight-path.ts'

export interface FamilyInput {
  experimentId: number
  /** Cells of the stage's checkpoint. */
  own: readonly Cell[]
  /** With what it is compared; null: there is no checkpoint. */
  reference: { experimentId: number; checkpointId: number; stagesBack: number } | null
  /** Definitions of benchmarks that the stage names, by id: some may be measured on neither side. */
  named: ReadonlyMap<number, MeasuredBenchmark>
  /** True to fall back to the nearest ancestor that was measured, and to look for the best one. */
  alongPath: boolean
}

/**
 * Every benchmark that the stage names, that was measured on it with a role, or that its reference was measured on.
 *
 * @param names of stages, for references by name; null leaves them out, and what lies along the path too
 */
export function familyOf(ctx: Context, path: MeasuredPath, input: FamilyInput, names: StageNames | null): Held[] {
  const { own, reference, experimentId } = input
  const before = reference ? (path.cells.get(reference.checkpointId) ?? []) : null
  const meanings = new Map<number, Meaning>(
    path.roles
      .filter((row) => row.experimentId === experimentId)
      .map(({ benchmarkId, role, tolerance }) => [benchmarkId, { role, tolerance }]),
  )
  const ancestral = new Set([...ancestorCells(path, experimentId)].map((cell) => cell.row.benchmark_id))
  for (const cell of before ?? []) ancestral.add(cell.row.benchmark_id)
  const pairs = pairCells(ctx, { after: own, before, meanings, ancestral })
  const measured = new Set(own.map((cell) => cell.row.benchmark_id))
  const roleOf = (id: number, category: string): BenchmarkRole =>
    meanings.get(id)?.role ?? (category === 'safety' ? 'safety' : 'retention')

  const held = pairs.flatMap((pair) => (pair.role === null ? [] : [ofPair(pair, pair.role)]))
  const onlyBefore = new Map((before ?? []).map((cell) => [cell.row.benchmark_id, cell]))
  for (const [id, cell] of onlyBefore)
    if (!measured.has(id))
      held.push(unmeasured(viewBenchmark(cell.row), roleOf(id, cell.row.category), meanings.get(id), cell))
  for (const [id, row] of input.named)
    if (!measured.has(id) && !onlyBefore.has(id))
      held.push(unmeasured(viewBenchmark(row), roleOf(id, row.category), meanings.get(id), null))
  for (const { id, cell } of instructionCells(path))
    if (!measured.has(id) && !onlyBefore.has(id) && !input.named.has(id))
      held.push(unmeasured(viewBenchmark(cell.row), roleOf(id, cell.row.category), meanings.get(id), null))
  return held

  function ofPair({ cell, baseline, estimate, obstacle }: Pairing, role: BenchmarkRole): Held {
    const asked = names &&
      reference && {
        ...names.at(reference.experimentId, reference.checkpointId),
        stages_back: reference.stagesBack,
      }
    const nearer = names && input.alongPath && !estimate ? nearestComparable(ctx, path, cell, names) : null
    return {
      benchmark: viewBenchmark(cell.row),
      role,
      tolerance: meanings.get(cell.row.benchmark_id)?.tolerance ?? null,
      own: cell,
      reference: nearer?.cell ?? (estimate ? baseline : null),
      estimate: nearer?.estimate ?? estimate,
      reason: obstacle?.reason ?? null,
      vs: nearer?.vs ?? (estimate ? asked : null),
      isAsked: estimate !== null,
      best: names && input.alongPath ? bestOf(ctx, path, experimentId, cell, names) : null,
    }
  }
}

/** What a tuned ancestor was measured on of instruction following, the nearest first. */
export const instructionCells = (path: MeasuredPath): { id: number; category: string; cell: Cell }[] =>
  instructionDefaults(
    path.tuned.flatMap((stage) => {
      const checkpointId = checkpointOf(path, stage)
      const cells = checkpointId === null ? [] : (path.cells.get(checkpointId) ?? [])
      return cells.map((cell) => ({ id: cell.row.benchmark_id, category: cell.row.category, cell }))
    }),
  )

const unmeasured = (
  benchmark: Benchmark,
  role: BenchmarkRole,
  meaning: Meaning | undefined,
  reference: Cell | null,
): Held => ({
  benchmark,
  role,
  tolerance: meaning?.tolerance ?? null,
  own: null,
  reference,
  estimate: null,
  reason: reference ? 'the stage was not measured on it' : 'neither the stage nor its reference was measured on it',
  vs: null,
  isAsked: true,
  best: null,
})

/** The checkpoint that stands for an ancestor: where the path passes it, the one from which its child started. */
export const checkpointOf = (path: MeasuredPath, experimentId: number): number | null =>
  path.parents.find((parent) => parent.experimentId === experimentId)?.checkpointId ??
  path.stages.get(experimentId)?.id ??
  null

function* ancestorCells(path: MeasuredPath, experimentId: number): Generator<Cell> {
  for (const id of path.graph.ancestors(experimentId)) {
    const checkpointId = checkpointOf(path, id)
    if (checkpointId !== null) yield* path.cells.get(checkpointId) ?? []
  }
}

/** The cell of a checkpoint that was measured as `own` was; null without one. */
export function comparableCell(path: MeasuredPath, checkpointId: number | null, own: Cell): Cell | null {
  const cells = checkpointId === null ? [] : (path.cells.get(checkpointId) ?? [])
  const same = cells.filter((cell) => cell.row.benchmark_id === own.row.benchmark_id)
  return same.find((cell) => whyNotComparable(cell, own) === null) ?? null
}

function nearestComparable(
  ctx: Context,
  path: MeasuredPath,
  own: Cell,
  names: StageNames,
): { cell: Cell; estimate: ChangeEstimate; vs: ForgettingCell['vs'] } | null {
  for (const [i, { experimentId, checkpointId }] of path.parents.entries()) {
    const cell = comparableCell(path, checkpointId, own)
    if (cell && checkpointId !== null)
      return {
        cell,
        estimate: estimateOf(ctx, cell, own),
        vs: { ...names.at(experimentId, checkpointId), stages_back: i + 1 },
      }
  }
  return null
}

/** Comparable cells of the weight ancestors since the benchmark was introduced: since the first stage of the path that aims at it. */
export function ancestorCellsSince(path: MeasuredPath, experimentId: number, own: Cell): { id: number; cell: Cell }[] {
  const introduction = introductionOf(path, experimentId, own.row.benchmark_id)
  return ancestorsSince(path.graph, experimentId, introduction).flatMap((id) => {
    const cell = comparableCell(path, checkpointOf(path, id), own)
    return cell ? [{ id, cell }] : []
  })
}

/** The best weight ancestor since the benchmark was introduced, and what was lost against it. */
export function bestOf(
  ctx: Context,
  path: MeasuredPath,
  experimentId: number,
  own: Cell,
  names: StageNames,
): ForgettingCell['best'] {
  const { orientation, scale } = own.row
  const candidates = ancestorCellsSince(path, experimentId, own)
  const utility = ({ cell }: { cell: Cell }) => (orientation * cell.score * scale) / cell.row.scale
  const [first, ...others] = candidates
  if (!first) return null
  const best = others.reduce((found, other) => (utility(other) > utility(found) ? other : found), first)
  const change = utilityOf(best.cell, own, estimateOf(ctx, best.cell, own))
  if (!change) return null
  return {
    experiment: names.ref(best.id),
    lost: -change.delta || 0,
    low: change.high === null ? null : -change.high,
    high: change.low === null ? null : -change.low,
    ancestors: candidates.length,
    selection: noiseOf(best.cell, scale, candidates.length),
  }
}

function introductionOf(path: MeasuredPath, experimentId: number, benchmarkId: number): number | null {
  const aims = new Set(
    path.roles.filter((row) => row.role === 'target' && row.benchmarkId === benchmarkId).map((row) => row.experimentId),
  )
  const rootFirst = [experimentId, ...path.graph.path(experimentId)].reverse()
  return rootFirst.find((id) => aims.has(id)) ?? null
}

/** A change as utility in the common unit of its benchmark, else in its own scale. */
export function utilityOf(before: Cell, after: Cell, estimate: ChangeEstimate): UnitChange | null {
  const { row } = after
  const raw = { ...estimate, before: (before.score * row.scale) / before.row.scale }
  return commonUnit(row) === null ? asUtility(row.orientation, 1, raw) : inCommonUnit(row, raw)
}

/** d_k·σ: what the best of k equally good ancestors has too much, in the common unit; null where σ is not known. */
function noiseOf(best: Cell, scale: number, ancestors: number): number | null {
  const { se } = best.interval
  if (ancestors < 2) return 0
  if (se === null) return null
  const unit = commonUnit(best.row) === 'points' ? 100 / scale : 1
  return selectionEffect(ancestors) * se * (scale / best.row.scale) * unit
}
