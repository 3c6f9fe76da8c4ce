import { commonUnit, utilityInUnit } from '#src/core/forgetting/common-unit.ts'
import { mergeScores } from '#src/core/forgetting/lineage-scores.ts'
import type { MergeCell } from '#src/protocol/forgetting.ts'
import type { Context } from '#src/services/context.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { estimateOf } from '#src/services/evaluations/compare.ts'
import { viewBenchmark } from '#src/services/evaluations/view.ts'
import { checkpointOf, comparableCell, utilityOf } from './family.ts'
import type { WeightPath } from './weight-path.ts'

/** What a merge made of its inputs on every benchmark of its checkpoint; empty for a stage with one weight parent or none. */
export function mergeCells(ctx: Context, path: WeightPath, experimentId: number, own: readonly Cell[]): MergeCell[] {
  if (path.graph.parentsOf(experimentId).length < 2) return []
  const seen = new Set<number>()
  return own.flatMap((cell) => {
    const { row } = cell
    if (seen.has(row.benchmark_id)) return []
    seen.add(row.benchmark_id)
    const utility = (id: number): number | null => {
      const at = id === experimentId ? cell : comparableCell(path, checkpointOf(path, id), cell)
      return at && utilityInUnit(row, (at.score * row.scale) / at.row.scale)
    }
    const best = bestInput(path, experimentId, cell, utility)
    const estimate = best && estimateOf(ctx, best.cell, cell)
    const change = best && estimate && utilityOf(best.cell, cell, estimate)
    const { vsBestInput, vsWeightedMean, lca, vsLca } = mergeScores(path.graph, experimentId, utility)
    return [
      {
        benchmark: viewBenchmark(row),
        unit: commonUnit(row),
        vs_best_input: vsBestInput,
        best_input: best && path.ref(best.id),
        vs_best_low: change?.low ?? null,
        vs_best_high: change?.high ?? null,
        vs_best_p: estimate?.p ?? null,
        vs_weighted_mean: vsWeightedMean,
        ancestor: lca === null ? null : path.ref(lca),
        vs_ancestor: vsLca,
      },
    ]
  })
}

/** The input with the best score of a benchmark, of equals the first; null when none was measured alike. */
function bestInput(
  path: WeightPath,
  experimentId: number,
  own: Cell,
  utility: (id: number) => number | null,
): { id: number; cell: Cell } | null {
  let best: { id: number; cell: Cell; value: number } | null = null
  for (const { id } of path.graph.parentsOf(experimentId)) {
    const value = utility(id)
    const cell = comparableCell(path, checkpointOf(path, id), own)
    if (value !== null && cell && (!best || value > best.value)) best = { id, cell, value }
  }
  return best
}
