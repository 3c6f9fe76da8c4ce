/** A column as it is shown, in lists of its own: pages put columns together, and a column outlives the page it was told for. */
import type { MatrixColumn } from '#src/protocol/matrix.ts'
import type { ComparedCell, ShownRow } from './compare-column.ts'
import { intervalOf } from './held-cells.ts'

export interface ToldColumn {
  /** `protocol`, `against` and `reason` are places in the lists below. */
  cells: MatrixColumn['cells']
  within: MatrixColumn['within']
  /** Ids of protocols with the metric measured under them. */
  protocols: readonly { id: number; metric: string }[]
  /** Ids of checkpoints. */
  baselines: readonly number[]
  reasons: readonly string[]
}

/**
 * Tells the cells of a column.
 *
 * @param rowOf places of rows by `rowKey`; a cell without one is left out
 */
export function tellColumn(shown: readonly ComparedCell[], rowOf: ReadonlyMap<string | number, number>): ToldColumn {
  const baselines = listOf<number>()
  const protocols = listOf<string>()
  const reasons = listOf<string>()
  const measured: { id: number; metric: string }[] = []
  const cells = emptyCells()
  const within = { kept: 0, of: 0, beyond: 0 }
  for (const cell of shown) {
    const at = rowOf.get(rowKey(cell.benchmark.id, cell.slice))
    if (at === undefined) continue
    const { estimate, after } = cell
    const interval = intervalOf(after, cell.benchmark.kind)
    const protocol = protocols.place(`${after.row.protocol_id} ${after.row.metric}`)
    measured[protocol] ??= { id: after.row.protocol_id, metric: after.row.metric }
    cells.at.push(at)
    cells.score.push(after.score)
    cells.low.push(short(interval.low))
    cells.high.push(short(interval.high))
    cells.n.push(after.row.n)
    cells.trials.push(after.trials)
    cells.protocol.push(protocol)
    cells.role.push(cell.role)
    cells.state.push(cell.state)
    cells.change.push(short(estimate?.change ?? null))
    cells.change_low.push(short(estimate?.low ?? null))
    cells.change_high.push(short(estimate?.high ?? null))
    cells.p.push(short(cell.stated?.pAdjusted ?? estimate?.p ?? null))
    cells.paired_n.push(estimate?.pairedN ?? null)
    cells.tolerance.push(cell.tolerance)
    cells.budget.push(cell.verdict)
    cells.against.push(cell.before ? baselines.place(cell.before.row.checkpoint_id) : null)
    const reason = cell.reason ?? (interval.low === null ? interval.note : null)
    cells.reason.push(reason === null ? null : reasons.place(reason))
    if (cell.verdict === null || cell.slice) continue
    within.of++
    if (isWithin(cell)) within.kept++
    if (cell.verdict === 'fail') within.beyond++
  }
  return { cells, within, protocols: measured, baselines: baselines.all(), reasons: reasons.all() }
}

/** The row of a benchmark, or of a slice of it. */
export const rowKey = (benchmark: number, slice: ShownRow['slice']): string | number =>
  slice ? `${benchmark} ${slice.key}=${slice.value}` : benchmark

/** Values in the order in which they were first named. */
export function listOf<T>() {
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

/** Within its tolerance as far as the estimate goes. */
function isWithin({ benchmark, estimate, tolerance }: ComparedCell): boolean {
  if (!estimate || tolerance === null) return false
  return benchmark.orientation * estimate.change >= -tolerance
}

/** Seven decimals: more than any page prints, and half the bytes. */
const short = (value: number | null): number | null =>
  value === null || Math.abs(value) >= 1e6 ? value : Math.round(value * 1e7) / 1e7

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
