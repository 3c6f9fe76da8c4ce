/** The answer of a stage page in one sentence, drawn from its changes against the baseline. */
import { formatChange } from '#src/core/format/number.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import { intervalWords } from '#src/ui/changes/change-words.ts'

export interface Verdict {
  tone: 'over' | 'warning' | 'fine' | 'unknown'
  /** "Over budget: instruction format −0.85" */
  title: string
  /** How sure that is, and what else. */
  note: string
}

const isComparable = (change: Change): boolean => change.utility !== null && change.reading !== 'not_comparable'

/** How far beyond its budget, in budgets; a loss without a budget counts by its size. */
const excess = (change: Change): number =>
  change.utility === null ? 0 : change.tolerance ? -change.utility / change.tolerance : -change.utility

export function verdictOf(changes: readonly Change[], hasBaseline: boolean): Verdict {
  const kept = changes.filter((change) => change.role !== 'target' && isComparable(change))
  const over = kept
    .filter((change) => change.over_budget === 'certain' || change.over_budget === 'estimate')
    .sort((a, b) => rank(a) - rank(b) || excess(b) - excess(a))
  const worst = over[0]
  if (worst) return overBudget(worst, over.length)
  const budgeted = kept.filter((change) => change.over_budget !== null)
  const lost = kept.filter((change) => change.reading === 'lost').sort((a, b) => excess(b) - excess(a))
  if (budgeted.length > 0) {
    return {
      tone: 'fine',
      title: `Within budget, ${budgeted.length} of ${budgeted.length}`,
      note: lost[0] ? `largest proven loss: ${amount(lost[0])}` : 'no proven loss of what should be kept',
    }
  }
  if (lost[0])
    return {
      tone: 'warning',
      title: `Lost: ${amount(lost[0])}`,
      note: `beyond its interval (95 % ${intervalWords(lost[0]) ?? 'not told'}); no budget was set`,
    }
  if (kept.length > 0)
    return {
      tone: 'fine',
      title: `No proven loss in ${kept.length} ${kept.length === 1 ? 'benchmark' : 'benchmarks'}`,
      note: 'no budget was set; no difference found is not the same as none',
    }
  return {
    tone: 'unknown',
    title: hasBaseline ? 'Nothing to judge by yet' : 'No baseline',
    note:
      changes.length === 0
        ? 'no benchmark was measured on both checkpoints'
        : 'no benchmark that should be kept can be compared with the baseline',
  }
}

/** Proven first; an estimate with an interval that includes the budget last. */
const rank = (change: Change): number => (change.over_budget === 'certain' ? 0 : change.low === null ? 1 : 2)

const amount = (change: Change): string => `${change.benchmark.name} ${formatChange(change.change ?? 0, 2)}`

function overBudget(worst: Change, count: number): Verdict {
  const interval = intervalWords(worst)
  const parts = [
    worst.tolerance === null
      ? null
      : `budget ${formatChange(worst.benchmark.higher_is_better ? -worst.tolerance : worst.tolerance, 2)}`,
    interval === null
      ? 'no interval, so an estimate only'
      : worst.over_budget === 'certain'
        ? `beyond its interval, 95 % ${interval}`
        : worst.beyond_interval
          ? `a proven loss, but its interval ${interval} reaches into the budget`
          : `its interval ${interval} includes no change`,
    count > 1 ? `${count - 1} more over budget` : null,
  ]
  return {
    tone: 'over',
    title: `Over budget: ${amount(worst)}`,
    note: parts.filter((part) => part !== null).join('; '),
  }
}

export interface Retention {
  /** "3 of 5" */
  value: string
  /** "within budget" */
  unit: string
  worst: Change | null
}

/** How much of what should be kept was kept; never without its worst member. Null without anything comparable. */
export function retentionOf(changes: readonly Change[]): Retention | null {
  const kept = changes.filter((change) => change.role !== 'target' && isComparable(change))
  if (kept.length === 0) return null
  const worst = kept.reduce<Change | null>(
    (least, change) => (least === null || (change.utility ?? 0) < (least.utility ?? 0) ? change : least),
    null,
  )
  const budgeted = kept.filter((change) => change.over_budget !== null)
  if (budgeted.length > 0) {
    const within = budgeted.filter((change) => change.over_budget === 'no').length
    return { value: `${within} of ${budgeted.length}`, unit: 'within budget', worst }
  }
  const lost = kept.filter((change) => change.reading === 'lost').length
  return { value: `${kept.length - lost} of ${kept.length}`, unit: 'without proven loss', worst }
}

/** The gain that the header names: the largest proven one of a target, else the largest of a target, else of anything. */
export function gainOf(changes: readonly Change[]): Change | null {
  const comparable = changes.filter(isComparable)
  const targets = comparable.filter((change) => change.role === 'target')
  const pool = targets.length > 0 ? targets : comparable.filter((change) => (change.utility ?? 0) > 0)
  return (
    [...pool].sort(
      (a, b) => Number(b.reading === 'gained') - Number(a.reading === 'gained') || (b.utility ?? 0) - (a.utility ?? 0),
    )[0] ?? null
  )
}
