/** The answer of a stage page in one sentence, drawn from the verdict of its budget and its changes against the baseline. */
import { formatChange, formatNumber, formatPercent } from '#src/core/format/number.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { ForgettingCell, ForgettingVerdict, Mean } from '#src/protocol/forgetting.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { intervalWords } from '#src/ui/changes/change-words.ts'

export interface Verdict {
  tone: 'over' | 'warning' | 'fine' | 'unknown'
  /** "Over budget: instruction format −0.85" */
  title: string
  /** How sure that is, and what else. */
  note: string
}

/** The verdict against the baseline that the page shows. */
export const verdictAgainst = ({
  baseline,
  forgetting,
}: Pick<StagePage, 'baseline' | 'forgetting'>): ForgettingVerdict =>
  baseline?.kind === 'root' ? forgetting.root : forgetting.parent

const isComparable = (change: Change): boolean => change.utility !== null && change.reading !== 'not_comparable'

/** A cell in multiples of what it may lose: below −1 is beyond. */
const share = (cell: ForgettingCell): number => (cell.delta ?? 0) / (cell.tolerance || 1)

const worstFirst = (cells: readonly ForgettingCell[]): ForgettingCell[] =>
  [...cells].sort((a, b) => share(a) - share(b))

/**
 * @param changes of the same stage against the same baseline, for the numbers as people read them
 * @param points B of the stage
 */
export function verdictOf(changes: readonly Change[], of: ForgettingVerdict, points: number): Verdict {
  const ofBudget = (budget: ForgettingCell['budget']) => worstFirst(of.cells.filter((cell) => cell.budget === budget))
  const [failing, warning, missing] = [ofBudget('fail'), ofBudget('warn'), ofBudget('missing')]
  const total = failing.length + warning.length + missing.length + ofBudget('pass').length
  const change = (cell: ForgettingCell) => changes.find((c) => c.benchmark.slug === cell.benchmark.slug)
  if (of.budget.verdict === null) return withoutVerdict(of, changes.length > 0)
  if (failing[0]) return overBudget(failing[0], change(failing[0]), failing.length)
  if (of.budget.mean_fails && of.retention)
    return {
      tone: 'over',
      title: `Over budget: mean retention ${meanWords(of.retention)}`,
      note: `95 % ${meanInterval(of.retention)}; the mean may fall ${pointsWord(points)}`,
    }
  const doubtful = warning[0]
  if (doubtful) {
    const isBeyond = share(doubtful) < -1
    return {
      tone: 'warning',
      title: isBeyond
        ? `May be over budget: ${amount(doubtful, change(doubtful))}`
        : `Cannot tell, ${ofBudget('pass').length} of ${total} certainly within budget`,
      note: joined(
        isBeyond ? null : `least certain: ${amount(doubtful, change(doubtful))}`,
        budgetWords(doubtful, change(doubtful)),
        doubtWords(change(doubtful)),
        warning.length > 1 ? `${warning.length - 1} more like it` : null,
        missing.length > 0 ? `${missing.length} not measured on both` : null,
      ),
    }
  }
  if (missing.length > 0)
    return {
      tone: 'warning',
      title: `Cannot tell, ${missing.length} of ${total} not measured on both`,
      note: missing.map((cell) => cell.benchmark.name).join(', '),
    }
  const lost = worstFirst(of.cells.filter((cell) => cell.role !== 'target' && cell.state === 'forgot'))[0]
  return {
    tone: 'fine',
    title: `Within budget, ${total} of ${total}`,
    note: lost ? `largest proven loss: ${amount(lost, change(lost))}` : 'no proven loss of what should be kept',
  }
}

function withoutVerdict(of: ForgettingVerdict, isMeasured: boolean): Verdict {
  if (of.reference === null)
    return { tone: 'unknown', title: 'No baseline', note: 'there is no checkpoint to compare with' }
  return {
    tone: 'unknown',
    title: 'Nothing to judge by yet',
    note: isMeasured
      ? 'no benchmark that should be kept was measured'
      : 'no benchmark was measured on the stage’s checkpoint',
  }
}

function overBudget(worst: ForgettingCell, change: Change | undefined, count: number): Verdict {
  const interval = change && intervalWords(change)
  return {
    tone: 'over',
    title: `Over budget: ${amount(worst, change)}`,
    note: joined(
      budgetWords(worst, change),
      interval ? `beyond its interval, 95 % ${interval}` : null,
      count > 1 ? `${count - 1} more over budget` : null,
    ),
  }
}

const joined = (...parts: (string | null)[]): string => parts.filter((part) => part !== null).join('; ')

/** As a reader would subtract, in the benchmark's own counting; in points where that is not at hand. */
const amount = (cell: ForgettingCell, change: Change | undefined): string =>
  change?.change != null
    ? `${cell.benchmark.name} ${formatChange(change.change, 2)}`
    : `${cell.benchmark.name} ${formatChange(cell.delta ?? 0, 1)} ${unitWord(cell.unit)}`.trimEnd()

function budgetWords(cell: ForgettingCell, change: Change | undefined): string | null {
  if (cell.tolerance === null) return null
  const own = change?.tolerance
  if (own == null) return `may lose ${formatNumber(cell.tolerance, 2)} ${unitWord(cell.unit)}`.trimEnd()
  return `budget ${formatChange(cell.benchmark.higher_is_better ? -own : own, 2)}`
}

function doubtWords(change: Change | undefined): string {
  const interval = change && intervalWords(change)
  return interval ? `its interval ${interval} reaches beyond` : 'no interval, so an estimate only'
}

const UNIT_WORDS = { points: 'points', bits_per_byte: 'bpb', nats: 'nats' } as const

/** "points", "bpb", "nats"; nothing for a scale without a common unit. */
export const unitWord = (unit: Mean['unit'] | null): string => (unit === null ? '' : UNIT_WORDS[unit])

/** "1 point", "2.5 points". */
export const pointsWord = (points: number): string =>
  `${Number(points.toFixed(2))} ${points === 1 ? 'point' : 'points'}`

const digitsOf = (unit: Mean['unit']): number => (unit === 'points' ? 1 : 3)

/** "−10.4 points" */
export const meanWords = (of: Pick<Mean, 'mean' | 'unit'>): string =>
  `${formatChange(of.mean, digitsOf(of.unit))} ${unitWord(of.unit)}`

/** "−14.4 to −6.4"; null without a standard error. */
export const meanInterval = ({ low, high, unit }: Pick<Mean, 'low' | 'high' | 'unit'>): string | null =>
  low === null || high === null ? null : `${formatChange(low, digitsOf(unit))} to ${formatChange(high, digitsOf(unit))}`

export interface Retention {
  /** "3 of 5" */
  value: string
  /** "within budget" */
  unit: string
  /** Of what should be kept, in normalised points; null where too little was measured, or it is measured as a loss alone. */
  mean: Mean | null
  /** Why there is none, where there might be one: "mean hidden, 3 of 4 measured". */
  hidden: string | null
  worst: Change | null
}

/** How much of what should be kept was kept; never without its worst member. Null without anything comparable. */
export function retentionOf(changes: readonly Change[], of: ForgettingVerdict): Retention | null {
  const kept = of.cells.filter((cell) => cell.role !== 'target' && cell.delta !== null)
  if (kept.length === 0) return null
  const worst = changes.find((change) => change.benchmark.slug === of.worst) ?? null
  const rates = of.cells.filter((cell) => cell.role === 'retention' && cell.unit === 'points')
  const measured = rates.filter((cell) => cell.budget !== 'missing').length
  // A mean of losses speaks for a stage only where no rate is to be kept.
  const mean = rates.length > 0 ? of.retention : of.drift
  const hidden = rates.length > 0 && !mean ? `mean hidden, ${measured} of ${rates.length} measured` : null
  // What was not measured on both counts among them: it is not known to be within.
  const budgeted = of.cells.filter((cell) => cell.budget !== null)
  if (budgeted.length > 0) {
    const within = budgeted.filter((cell) => cell.budget === 'pass').length
    return { value: `${within} of ${budgeted.length}`, unit: 'within budget', mean, hidden, worst }
  }
  const lost = kept.filter((cell) => cell.state === 'forgot').length
  return { value: `${kept.length - lost} of ${kept.length}`, unit: 'without proven loss', mean, hidden, worst }
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

/** What a row's state says beyond its reading: severe, too small to matter, kept for certain, or what could not have been found. */
export function stateWords(cell: ForgettingCell): string | null {
  if (cell.state === 'forgot' && cell.severe)
    return cell.retention === null ? 'severe' : `severe, ${formatPercent(Math.max(0, cell.retention))} kept`
  if (cell.below_margin) return 'below the margin'
  if (cell.state === 'retained' && cell.margin !== null) return `kept, within ±${amountOf(cell.margin, cell.unit)}`
  if (cell.state === 'inconclusive' && cell.detectable) return `detects ≥ ${amountOf(cell.detectable, cell.unit)}`
  return null
}

/** "−0.100 against base, 2 stages back", where nearer ancestors were not measured. */
export function fartherWords({ vs, delta, unit }: ForgettingCell): string | null {
  if (!vs || vs.stages_back < 2 || delta === null) return null
  return `${formatChange(delta, unit === 'points' ? 1 : 3)} ${unitWord(unit)} against ${vs.experiment.name}, ${vs.stages_back} stages back`
}

const amountOf = (value: number, unit: ForgettingCell['unit']): string =>
  `${formatNumber(value, unit === 'points' ? 1 : 3)} ${unitWord(unit)}`.trimEnd()

const STATE_WORDS = {
  forgot: 'lost',
  retained: 'kept within the margin',
  improved: 'gained',
  inconclusive: 'no difference found',
  not_comparable: 'cannot be compared',
} as const

/** "2 lost, 1 kept within the margin, 3 no difference found": what should be kept, by its states. Null without any. */
export function countWords({ counts }: Pick<ForgettingVerdict, 'counts'>): string | null {
  const told = (Object.keys(STATE_WORDS) as (keyof typeof STATE_WORDS)[]).filter((state) => (counts[state] ?? 0) > 0)
  return told.length === 0 ? null : told.map((state) => `${counts[state]} ${STATE_WORDS[state]}`).join(', ')
}
