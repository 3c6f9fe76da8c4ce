import { lineageScores } from '#src/core/forgetting/lineage-scores.ts'
import { weightParents } from '#src/core/forgetting/weight-graph.ts'
import { isShare, publishedUnit } from '#src/core/publish/print.ts'
import type { GridScore, ScoreGrid } from '#src/core/publish/score-grid.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import type { Ancestry, RecordedStage } from '#src/services/experiments/ancestry.ts'

/** Scores of stages with the cells behind them. */
export interface MeasuredGrid {
  grid: ScoreGrid
  /** Parallel to the grid's scores. */
  cells: readonly (readonly (Cell | null)[])[]
  /** Of the stages of the grid; those without any cell are not among them. */
  stages: readonly RecordedStage[]
}

/**
 * The scores of stages on every benchmark that one of them was measured on. Of several protocols the one of the last stage that has
 * the benchmark is taken, where a stage has it; else its newest.
 */
export function measuredGrid(stages: readonly RecordedStage[]): MeasuredGrid {
  const measured = stages.filter((stage) => stage.cells.length > 0)
  const rows = new Map<number, Cell['row']>()
  for (const stage of measured.toReversed())
    for (const { row } of stage.cells) if (!rows.has(row.benchmark_id)) rows.set(row.benchmark_id, row)
  const benchmarks = [...rows.values()].sort((a, b) => a.benchmark_id - b.benchmark_id)
  const cells = benchmarks.map((usual) => measured.map((stage) => cellUnder(stage, usual)))
  return {
    cells,
    stages: measured,
    grid: {
      stages: measured.map(({ row }) => ({ name: row.name })),
      benchmarks: benchmarks.map((row) => ({
        slug: row.slug,
        name: row.name,
        category: row.category,
        kind: row.kind,
        higherIsBetter: row.orientation === 1,
        unit: row.unit,
      })),
      scores: cells.map((row) => row.map((cell) => cell && scoreOf(cell))),
    },
  }
}

function cellUnder(stage: RecordedStage, usual: Cell['row']): Cell | null {
  const own = stage.cells.filter(({ row }) => row.benchmark_id === usual.benchmark_id)
  return own.find(({ row }) => row.fingerprint === usual.fingerprint) ?? own[0] ?? null
}

function scoreOf({ row, score, trials, interval }: Cell): GridScore {
  const half = interval.low === null || interval.high === null ? null : (interval.high - interval.low) / 2
  return {
    value: publishedUnit(score, row.kind, row.scale),
    half: half === null ? null : publishedUnit(half, row.kind, row.scale),
    n: row.n,
    trials,
    protocol: row.fingerprint,
  }
}

/** What one point of a cell's own scale is in the unit in which it is published. */
export const unitFactor = ({ kind, scale }: Pick<Cell['row'], 'kind' | 'scale'>): number =>
  isShare(kind) ? 100 / scale : 1

/** Forgetting at the last stage by benchmark of the grid, against the best weight ancestor of the same protocol; null: cannot be told. */
export function lostAtLast({ grid, cells, stages }: MeasuredGrid, ancestry: Ancestry): (number | null)[] {
  const last = stages.at(-1)
  if (!last) return []
  const all = [...ancestry.stages.values()]
  const utilities = new Map(
    all.map((stage) => {
      const own = new Map<number, number>()
      for (const [i, row] of cells.entries()) {
        const usual = row.at(-1)?.row
        const cell =
          usual &&
          stage.cells.find((c) => c.row.benchmark_id === usual.benchmark_id && c.row.fingerprint === usual.fingerprint)
        const sign = grid.benchmarks[i]?.higherIsBetter ? 1 : -1
        if (cell) own.set(i, sign * publishedUnit(cell.score, cell.row.kind, cell.row.scale))
      }
      return [stage.row.id, own]
    }),
  )
  const parents = weightParents(
    ancestry.edges.filter((edge) => utilities.has(edge.child) && utilities.has(edge.parent)),
  )
  const lost = lineageScores({ utilities, parents }).forgetting.get(last.row.id)
  return grid.benchmarks.map((_, i) => lost?.get(i) ?? null)
}
