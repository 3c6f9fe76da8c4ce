/** Judges a stage against one reference from its pairs of cells: states, means, budget and exchange rate. */
import type { BenchmarkRole } from '#src/core/evaluations/benchmarks.ts'
import { Z95 } from '#src/core/evaluations/distributions.ts'
import type { ChangeEstimate } from '#src/core/evaluations/paired-change.ts'
import { type BudgetCell, budget, STAGE_BUDGET_DEFAULT, stageVerdict } from '#src/core/forgetting/budget.ts'
import {
  asUtility,
  type CommonUnit,
  type Counting,
  channelOf,
  commonUnit,
  DEFAULT_MARGIN,
  inCommonUnit,
  normalisedPoints,
  scaleOf,
  toleranceInUnit,
  type UnitChange,
} from '#src/core/forgetting/common-unit.ts'
import { exchangeRate } from '#src/core/forgetting/exchange-rate.ts'
import { normalise, retentionRatio } from '#src/core/forgetting/normalise.ts'
import { type RoleMean, roleMean, type SummaryCell } from '#src/core/forgetting/stage-summary.ts'
import { countStates, type StateCell, type StatedCell, states } from '#src/core/forgetting/states.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { Benchmark } from '#src/protocol/evaluations.ts'
import type { ForgettingCell, ForgettingVerdict, Mean } from '#src/protocol/forgetting.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'

/** One benchmark of a stage's family with what is known of both sides. */
export interface Held {
  benchmark: Benchmark
  role: BenchmarkRole
  /** In the benchmark's own scale; null: nobody said. */
  tolerance: number | null
  own: Cell | null
  reference: Cell | null
  estimate: ChangeEstimate | null
  /** Why there is no estimate. */
  reason: string | null
  vs: ForgettingCell['vs']
  /** False: the asked reference was not measured and an earlier ancestor stands for it; the change is of no single stage. */
  isAsked: boolean
  best: ForgettingCell['best']
}

type Judged = Omit<ForgettingVerdict, 'reference'>

interface Draft {
  held: Held
  counting: Counting | null
  unit: CommonUnit | null
  change: UnitChange | null
  margin: number | null
  tolerance: number | null
  retention: { ratio: number | null; reason: string | null }
}

/**
 * The verdict over a stage's family against one reference.
 *
 * @param points B of the stage, in normalised points
 */
export function judge(family: readonly Held[], points: number = STAGE_BUDGET_DEFAULT): Judged {
  const drafts = family.map(draftOf)
  const stated = statesOf(drafts)
  const cells = drafts.map((draft, i) => cellOf(draft, stated[i] as StatedCell))
  const of = (role: BenchmarkRole, isPoints: boolean) =>
    drafts.filter((d) => d.held.role === role && d.unit !== null && (d.unit === 'points') === isPoints)
  const kept = of('retention', true)
  const retention = meanOf(kept)
  const drift = meanOf(of('retention', false))
  const target = meanOf(of('target', true)) ?? meanOf(of('target', false))
  const budgeted = drafts.filter(({ held, tolerance }) => held.role !== 'target' && tolerance !== null)
  const { verdict, counts, meanFails } = stageVerdict(budgeted.map(budgetCellOf), retention, points)
  return {
    cells,
    counts: countStates(stated.filter((_, i) => drafts[i]?.held.role !== 'target')),
    target,
    retention,
    by_category: [...groupBy(kept, (draft) => draft.held.benchmark.category)].flatMap(([category, members]) => {
      const mean = meanOf(members)
      return mean ? [{ ...mean, category }] : []
    }),
    safety: meanOf(of('safety', true)),
    drift,
    worst: worstOf(drafts)?.held.benchmark.slug ?? null,
    budget: { verdict, counts, mean_fails: meanFails },
    exchange: exchangeOf(target, retention, drift, drafts),
  }
}

const countingOf = (cell: Cell): Counting => cell.row

function draftOf(held: Held): Draft {
  const counting = held.own ?? held.reference
  const of = counting && countingOf(counting)
  const unit = of && commonUnit(of)
  const before = of && held.reference ? (held.reference.score * of.scale) / held.reference.row.scale : null
  const change = held.estimate && of && before !== null ? changeOf(of, unit, held.estimate, before) : null
  const inUnit = (own: number) => (of ? toleranceInUnit(of, own, before ?? 0) : own)
  const margin = of?.margin != null ? inUnit(of.margin) : unit && DEFAULT_MARGIN[unit]
  return {
    held,
    counting: of,
    unit,
    change,
    margin,
    tolerance: held.role === 'target' ? null : held.tolerance !== null ? inUnit(held.tolerance) : margin,
    retention:
      of && held.own && before !== null ? retentionOf(of, before, held.own.score) : notDefined('not measured on both'),
  }
}

/** In the common unit; a scale without one keeps its own, turned so that negative is worse. */
function changeOf(of: Counting, unit: CommonUnit | null, estimate: ChangeEstimate, before: number): UnitChange | null {
  const raw = { ...estimate, before }
  return unit === null ? asUtility(of.orientation, 1, raw) : inCommonUnit(of, raw)
}

const notDefined = (reason: string) => ({ ratio: null, reason })

function retentionOf(of: Counting, before: number, after: number): Draft['retention'] {
  const scale = scaleOf(of)
  if (!scale) return notDefined(of.kind === 'loss' ? 'a loss has no chance level' : 'this scale has no chance level')
  if (!scale.chanceKnown) return notDefined('the chance level is not known')
  const ratio = retentionRatio(normalise(after, scale), normalise(before, scale))
  return ratio === null ? notDefined('the reference is no better than chance') : { ratio, reason: null }
}

/** Retention and safety are one family; what a stage aims at stands outside, each target for itself. */
function statesOf(drafts: readonly Draft[]): StatedCell[] {
  const cells = drafts.map(stateCellOf)
  const kept = cells.filter((_, i) => drafts[i]?.held.role !== 'target')
  const ofKept = new Map(states(kept).map((stated, i) => [kept[i], stated]))
  return cells.map((cell) => ofKept.get(cell) ?? (states([cell])[0] as StatedCell))
}

const stateCellOf = ({ held, unit, change, margin, retention }: Draft): StateCell => ({
  id: held.benchmark.slug,
  delta: change?.delta ?? null,
  se: change?.se ?? null,
  p: change && held.estimate ? held.estimate.p : null,
  margin,
  retention: retention.ratio,
  comparable: change !== null,
  channel: unit === 'points' ? channelOf(unit) : 'loss',
})

const budgetCellOf = (draft: Draft): BudgetCell => {
  // A change since an earlier ancestor is of no single stage: this one's budget misses it.
  const change = draft.held.isAsked ? draft.change : null
  return {
    delta: change?.delta ?? null,
    low: change?.low ?? null,
    high: change?.high ?? null,
    tolerance: draft.tolerance ?? 0,
  }
}

function cellOf(draft: Draft, stated: StatedCell): ForgettingCell {
  const { held, unit, change, margin, tolerance, retention } = draft
  return {
    benchmark: held.benchmark,
    role: held.role,
    unit,
    delta: change?.delta ?? null,
    se: change?.se ?? null,
    low: change?.low ?? null,
    high: change?.high ?? null,
    p: change && held.estimate ? held.estimate.p : null,
    p_adjusted: stated.pAdjusted,
    state: stated.state,
    below_margin: stated.belowMargin,
    severe: stated.severe,
    detectable: stated.detectable,
    margin,
    tolerance,
    tolerance_set: held.tolerance,
    budget: tolerance === null ? null : budget(budgetCellOf(draft)),
    retention: retention.ratio,
    retention_reason: retention.reason,
    vs: held.vs,
    best: held.best,
    n: held.own?.row.n ?? null,
    paired_n: held.estimate?.pairedN ?? null,
    method: held.estimate?.method ?? '',
    reason: held.reason ?? (held.estimate && !change ? 'the loss is not above 0' : null),
  }
}

/** The mean of cells that share a unit; null where they do not, or too few are there. */
function meanOf(drafts: readonly Draft[]): Mean | null {
  const [unit, ...others] = new Set(drafts.map((draft) => draft.unit))
  if (!unit || others.length > 0) return null
  const cells = drafts.map(summaryCellOf)
  const mean: RoleMean | null = roleMean(cells)
  if (!mean) return null
  const ends = mean.se === null ? { low: null, high: null } : around(mean.mean, mean.se)
  return { ...mean, ...ends, unit, used: cells.filter((cell) => cell.delta !== null).length, total: cells.length }
}

const around = (mean: number, se: number) => ({ low: mean - Z95 * se, high: mean + Z95 * se })

function summaryCellOf(draft: Draft): Omit<SummaryCell, 'role'> {
  const { held, counting, unit } = draft
  const change = draft.held.isAsked ? draft.change : null
  const inMean = change && counting && unit === 'points' ? normalisedPoints(counting, change) : change
  return {
    id: held.benchmark.slug,
    category: held.benchmark.category,
    delta: inMean?.delta ?? null,
    se: inMean?.se ?? null,
  }
}

/** The largest loss in multiples of what may be lost, of what should be kept. */
function worstOf(drafts: readonly Draft[]): Draft | null {
  const size = ({ change, tolerance }: Draft) => (change?.delta ?? 0) / (tolerance || 1)
  return drafts
    .filter((draft) => draft.held.role !== 'target' && draft.change && draft.held.isAsked)
    .reduce<Draft | null>((worst, draft) => (!worst || size(draft) < size(worst) ? draft : worst), null)
}

function exchangeOf(
  target: Mean | null,
  retention: Mean | null,
  drift: Mean | null,
  drafts: readonly Draft[],
): Judged['exchange'] {
  const none = (reason: string) => ({ rate: null, low: null, high: null, unit: null, reason })
  if (!target)
    return none(
      lackOf(
        drafts.filter(({ held }) => held.role === 'target'),
        'target',
      ),
    )
  const kept = target.unit === 'points' ? retention : drift?.unit === target.unit ? drift : null
  if (!kept) {
    const all = drafts.filter(({ held }) => held.role === 'retention')
    const alike = all.filter(({ unit }) => unit === target.unit)
    return none(
      all.length > 0 && alike.length === 0
        ? 'target and retention share no unit'
        : lackOf(alike, 'benchmark to be kept'),
    )
  }
  const rate = exchangeRate({ change: kept.mean, se: kept.se }, { gain: target.mean, se: target.se })
  return { ...rate, unit: rate.rate === null ? null : target.unit }
}

/** Why these have no mean: there are none, or too few were measured on both sides. */
function lackOf(drafts: readonly Draft[], what: string): string {
  const present = drafts.filter(({ change, held }) => change && held.isAsked).length
  if (drafts.length === 0) return `no ${what} was named or measured`
  return present < drafts.length
    ? `only ${present} of ${drafts.length} ${what.replace(/^(\w+)/, '$1s')} measured on both`
    : `the scales of its ${what.replace(/^(\w+)/, '$1s')} share no unit`
}
