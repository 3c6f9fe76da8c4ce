/** What a stage may lose, per benchmark and on the mean, and what happens when it loses more. */
import { Z95 } from '../evaluations/distributions.ts'

export const BUDGET_VERDICTS = ['pass', 'warn', 'fail'] as const
export type BudgetVerdict = (typeof BUDGET_VERDICTS)[number]

/** When a gate stops what follows: never, on a proven excess, or also when the data cannot tell. */
export const GATES = ['off', 'fail', 'warn'] as const
export type Gate = (typeof GATES)[number]

/** What the mean of retention may fall where nobody said otherwise, in normalised points. */
export const STAGE_BUDGET_DEFAULT = 1

/** One retention or safety benchmark against the parent, or against the root for the budget of the lineage. */
export interface BudgetCell {
  /** Change of utility: negative is worse. Null: missing or not comparable. */
  delta: number | null
  /** Its 95 % interval; null when none can be given. */
  low: number | null
  high: number | null
  /** What may be lost, in the unit of `delta`, at least 0. */
  tolerance: number
}

/**
 * Does a loss stay within its tolerance τ? `fail`: the interval lies below −τ; `pass`: it does not reach below −τ; `warn`: the
 * data cannot tell (the interval includes −τ, or there is none). `missing`: there is no delta.
 */
export function budget({ delta, low, high, tolerance }: BudgetCell): BudgetVerdict | 'missing' {
  if (delta === null) return 'missing'
  if (high !== null && high < -tolerance) return 'fail'
  return low !== null && low >= -tolerance ? 'pass' : 'warn'
}

export interface StageBudget {
  /** Null: nothing that should be kept was named or measured, so there is nothing to judge. */
  verdict: BudgetVerdict | null
  /** Cells by their verdict. */
  counts: Record<BudgetVerdict | 'missing', number>
  /** True when the interval of the mean retention change lies below −B. */
  meanFails: boolean
}

/**
 * The verdict over a stage's retention and safety cells: `fail` if a cell fails or the interval of the mean retention change
 * lies below −B; `warn` if a cell warns or is missing; else `pass`.
 *
 * @param mean mean retention change with its standard error, in normalised points; null where it is not told
 * @param stageBudget B, in normalised points
 */
export function stageVerdict(
  cells: readonly BudgetCell[],
  mean: { mean: number; se: number | null } | null,
  stageBudget = STAGE_BUDGET_DEFAULT,
): StageBudget {
  const counts = { pass: 0, warn: 0, fail: 0, missing: 0 }
  for (const cell of cells) counts[budget(cell)]++
  const meanFails = mean !== null && mean.se !== null && mean.mean + Z95 * mean.se < -stageBudget
  if (cells.length === 0) return { verdict: null, counts, meanFails: false }
  const verdict = counts.fail > 0 || meanFails ? 'fail' : counts.warn + counts.missing > 0 ? 'warn' : 'pass'
  return { verdict, counts, meanFails }
}
