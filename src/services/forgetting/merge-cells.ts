import { commonUnit, utilityInUnit } from '#src/core/forgetting/common-unit.ts'
import { mergeScores } from '#src/core/forgetting/lineage-scores.ts'
import type { MergeCell } from '#src/protocol/forgetting.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { viewBenchmark } from '#src/services/evaluations/view.ts'
import { checkpointOf, comparableCell } from './family.ts'
import type { WeightPath } from './weight-path.ts'

/** What a merge made of its inputs on every benchmark of its checkpoint; empty for a stage with one weight parent or none. */
export function mergeCells(path: WeightPath, experimentId: number, own: readonly Cell[]): MergeCell[] {
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
    const { vsBestInput, vsWeightedMean, lca, vsLca } = mergeScores(path.graph, experimentId, utility)
    return [
      {
        benchmark: viewBenchmark(row),
        unit: commonUnit(row),
        vs_best_input: vsBestInput,
        vs_weighted_mean: vsWeightedMean,
        ancestor: lca === null ? null : path.ref(lca),
        vs_ancestor: vsLca,
      },
    ]
  })
}
