/** What was gained and lost against the baseline, as rows of a comparison. */
import { type ReadChange, tellsApart } from '#src/core/comparisons/stage-reading.ts'
import type { howRows } from '#src/core/comparisons/stage-rows.ts'
import type { SideBySide } from '#src/protocol/comparisons.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { Context } from '#src/services/context.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { compareCells, severity } from '#src/services/evaluations/compare.ts'
import { viewBenchmark } from '#src/services/evaluations/view.ts'
import type { RecordedStage } from '#src/services/experiments/ancestry.ts'

/** What became of each benchmark measured on one against another. */
export function changesOf(ctx: Context, stage: RecordedStage, base: RecordedStage): Change[] {
  return compareCells(ctx, {
    after: stage.cells,
    before: base.checkpoint === null ? null : base.cells,
    meanings: new Map(stage.roles.map(({ benchmarkId, role, tolerance }) => [benchmarkId, { role, tolerance }])),
    ancestral: new Set(base.cells.map(({ row }) => row.benchmark_id)),
  })
}

/** A change as a reading needs it. */
export const readOf = (change: Change): ReadChange => ({
  name: change.benchmark.name,
  isTarget: change.role === 'target',
  utility: change.utility,
  reading: change.reading,
  severity: severity(change),
})

/** A row per benchmark that one of the stages was measured on: targets first, then the worst fall first. */
export function whyRows(
  stages: readonly RecordedStage[],
  baseline: number,
  changes: readonly (readonly Change[])[],
): SideBySide['why'] {
  const newest = new Map<number, Cell>()
  for (const stage of stages)
    for (const cell of stage.cells) if (!newest.has(cell.row.benchmark_id)) newest.set(cell.row.benchmark_id, cell)
  const rows = [...newest].map(([id, { row }]) => {
    const own = changes.map((list) => list.find((change) => change.benchmark.slug === row.slug) ?? null)
    const told = own.flatMap((change) => (change ? [change] : []))
    const role =
      told.find((change) => change.role === 'target')?.role ?? told.find((change) => change.role)?.role ?? null
    return {
      benchmark: viewBenchmark(row),
      role,
      differs: tellsApart(own.map((change) => change && readOf(change))),
      cells: stages.map((stage, i) => {
        const cell = stage.cells.find((one) => one.row.benchmark_id === id)
        if (!cell) return null
        const { low, high } = cell.interval
        return { score: cell.score, low, high, n: cell.row.n, change: i === baseline ? null : (own[i] ?? null) }
      }),
      worst: Math.min(0, ...told.map(severity)),
    }
  })
  const rank = (row: (typeof rows)[number]) => (row.role === 'target' ? 0 : row.benchmark.kind === 'loss' ? 2 : 1)
  return rows.sort((a, b) => rank(a) - rank(b) || a.worst - b.worst).map(({ worst: _, ...row }) => row)
}

/** As the wire has it: arrays of its own. */
export const wireRows = (rows: ReturnType<typeof howRows>): SideBySide['how'] =>
  rows.map((row) => ({ ...row, cells: row.cells.map((cell) => ({ ...cell })) }))
