import { readColumn } from '#src/core/panels/column.ts'
import type { NumberContent } from '#src/core/panels/panel-content.ts'
import { aggregated, type Spread, spreadOf } from '#src/core/panels/spread.ts'
import { columnOf, type PanelValues } from './panel-values.ts'
import { type BarChange, baselineOf, changeOf } from './prepare-bars.ts'

export interface NumberModel {
  /** Null: no run has the value. */
  value: number | null
  n: number
  spread: Spread | null
  without: number
  baseline: { value: number; name: string } | null
  /** Against the baseline; null of sums and counts, which are not of one run. */
  change: BarChange | null
  problem: string | null
}

/** The numbers of all runs in one. */
export function prepareNumber(values: PanelValues, { field, aggregate }: NumberContent): NumberModel {
  const column = readColumn(columnOf(values, field))
  if (column.kind === 'category') {
    const isCount = aggregate === 'count'
    return {
      ...{ value: isCount ? column.n : null, n: column.n, without: column.missing, baseline: null, change: null },
      spread: null,
      problem: isCount ? null : 'holds words, which have no mean; their number can be shown, or a distribution',
    }
  }
  const spread = spreadOf(column.values.filter((value) => value !== null))
  const value = spread && aggregated(spread, aggregate)
  const baseline = baselineOf(values, field)
  const isOfRuns = aggregate !== 'sum' && aggregate !== 'count'
  return {
    ...{ value, n: column.n, spread, without: column.missing + column.notFinite, baseline, problem: null },
    change: isOfRuns && baseline && value !== null ? changeOf(values, field, value - baseline.value) : null,
  }
}
