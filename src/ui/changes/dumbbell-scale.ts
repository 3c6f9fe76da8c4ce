import type { Change } from '#src/protocol/evaluations.ts'
import { linearScale, type Scale } from '#src/ui/charts/ticks.ts'

const isShare = (change: Change): boolean => change.benchmark.kind === 'accuracy' || change.benchmark.kind === 'rate'

/** The axis of a group of changes: 0 to 1 when all are shares, else what values, intervals and budgets need. */
export function groupScale(changes: readonly Change[]): Scale {
  // A budget may lie where no share can be; it is then not drawn and does not stretch the axis.
  const values = changes
    .flatMap((c) => [
      ...[c.value, c.value_low, c.value_high, c.baseline, c.baseline_low, c.baseline_high],
      isShare(c) ? null : budgetAt(c),
    ])
    .filter((v): v is number => v !== null && Number.isFinite(v))
  const low = Math.min(...values)
  const high = Math.max(...values)
  if (values.length === 0 || (changes.every(isShare) && low >= -1e-9 && high <= 1 + 1e-9))
    return { min: 0, max: 1, at: [0, 0.25, 0.5, 0.75, 1] }
  return linearScale(low, high, 4)
}

/** The value at which the budget is used up; null without baseline or budget. */
export function budgetAt(change: Change): number | null {
  if (change.baseline === null || change.tolerance === null) return null
  return change.baseline + (change.benchmark.higher_is_better ? -1 : 1) * change.tolerance
}

/** Changes of one kind of number, so that they can share an axis: shares together, everything else by kind. */
export function sameAxis(a: Change, b: Change): boolean {
  return isShare(a) && isShare(b)
    ? true
    : a.benchmark.kind === b.benchmark.kind && a.benchmark.unit === b.benchmark.unit
}
