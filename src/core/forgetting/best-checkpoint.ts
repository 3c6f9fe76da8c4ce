/**
 * The best checkpoint of a stage by a rule: the highest target among those that keep what must be kept. Of noisy scores the highest is
 * biased upwards (`selection-effect.ts`), and others may not be told apart from it: both are said beside the choice.
 */
import type { BudgetVerdict } from './budget.ts'

/** What may not be lost, measured on one checkpoint against the checkpoint that the stage started from. */
export interface KeptCell {
  benchmark: string
  /** Against the tolerance of the stage's budget; `missing`: there is no change to judge. */
  verdict: BudgetVerdict | 'missing'
  /** ρ, what is left of the reference above chance; null where it is not defined. */
  retention: number | null
  /** In words: why there is no change. */
  reason: string | null
}

export interface Candidate {
  id: string
  step: number
  /** Orientation × score: more is better. Null: not measured on the target, or not so that it compares with the others. */
  target: number | null
  /** In words, why `target` is null. */
  targetReason: string | null
  kept: readonly KeptCell[]
  /** The interval of the mean retention change lies beyond its budget. */
  meanFails: boolean
}

export interface SelectionRule {
  /** Of a loss that the data cannot place on either side of its budget: `allow` keeps the checkpoint, `exclude` does not. */
  uncertain: 'allow' | 'exclude'
  /** The least ρ of every kept benchmark that has one, in place of its budget; null: budgets alone. */
  floor: number | null
}

/** Why a checkpoint is not chosen from. */
export type Exclusion =
  | { kind: 'target'; reason: string }
  | { kind: 'beyond' | 'uncertain' | 'below_floor' | 'not_measured'; benchmark: string }
  | { kind: 'mean' }

export interface Judged {
  id: string
  excluded: Exclusion[]
  /** Kept benchmarks of which the data cannot tell whether they are within budget. */
  uncertain: string[]
}

export interface Selection {
  /** Null: no checkpoint is left. */
  best: string | null
  /** In the order of steps. */
  candidates: Judged[]
  /** Benchmarks that should be kept and have a change on no checkpoint, with the reason: they exclude nothing, and nothing is known. */
  unjudged: { benchmark: string; reason: string }[]
}

/**
 * The checkpoint with the highest target among those that are within the retention budget (or above the floor). Equal targets: the
 * earlier one, which trained less. A benchmark that no checkpoint has a change of judges none and is listed; one that others have and
 * this one lacks excludes it, since what was not measured is not known to be kept.
 *
 * @param candidates in any order; their ids differ
 * @throws RangeError for a floor that is not from 0 to 1
 */
export function bestCheckpoint(candidates: readonly Candidate[], rule: SelectionRule): Selection {
  const { floor } = rule
  if (floor !== null && !(floor >= 0 && floor <= 1))
    throw new RangeError(`the floor must lie from 0 to 1, got ${floor}`)
  const byStep = candidates.toSorted((a, b) => a.step - b.step || a.id.localeCompare(b.id))
  const cells = byStep.flatMap(({ kept }) => kept)
  const judgedOn = new Set(cells.filter(({ verdict }) => verdict !== 'missing').map(({ benchmark }) => benchmark))
  const unjudged = new Map(
    cells
      .filter(({ benchmark }) => !judgedOn.has(benchmark))
      .map(({ benchmark, reason }) => [benchmark, reason ?? 'there is no change to judge']),
  )
  const judged = byStep.map((candidate) => judge(candidate, judgedOn, rule))
  const eligible = byStep.filter((_, i) => judged[i]?.excluded.length === 0)
  const best = eligible.reduce<Candidate | null>(
    (found, one) => (found === null || (one.target ?? 0) > (found.target ?? 0) ? one : found),
    null,
  )
  return {
    best: best?.id ?? null,
    candidates: judged,
    unjudged: [...unjudged].map(([benchmark, reason]) => ({ benchmark, reason })),
  }
}

function judge(candidate: Candidate, judgedOn: ReadonlySet<string>, { uncertain, floor }: SelectionRule): Judged {
  const excluded: Exclusion[] = []
  const unsure: string[] = []
  if (candidate.target === null)
    excluded.push({ kind: 'target', reason: candidate.targetReason ?? 'not measured on the target' })
  const measured = new Map(candidate.kept.map((cell) => [cell.benchmark, cell]))
  for (const benchmark of judgedOn) {
    const cell = measured.get(benchmark)
    if (!cell || cell.verdict === 'missing') excluded.push({ kind: 'not_measured', benchmark })
    else if (floor !== null && cell.retention !== null) {
      if (cell.retention < floor) excluded.push({ kind: 'below_floor', benchmark })
    } else if (cell.verdict === 'fail') excluded.push({ kind: 'beyond', benchmark })
    else if (cell.verdict === 'warn') {
      unsure.push(benchmark)
      if (uncertain === 'exclude') excluded.push({ kind: 'uncertain', benchmark })
    }
  }
  if (candidate.meanFails && floor === null) excluded.push({ kind: 'mean' })
  return { id: candidate.id, excluded, uncertain: unsure }
}
