/** From the page's numbers to the facts that a proposal rests on. Pure. */
import type { DecisionFacts, NamedChange } from '#src/core/decisions/propose.ts'
import { READING_WORDS } from '#src/core/evaluations/reading-words.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import { scoreDigits } from '#src/core/format/score-digits.ts'
import type { DecisionPage, DecisionReference } from '#src/protocol/decisions.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import type { Mean, StageVerdict } from '#src/protocol/forgetting.ts'
import { severity } from '#src/services/evaluations/compare.ts'

export function factsOf(
  stage: string,
  {
    against,
    verdict,
    cost,
  }: {
    against: DecisionPage['against']
    verdict: Pick<StageVerdict, 'parent' | 'root'>
    cost: DecisionPage['cost']['own']
  },
): DecisionFacts {
  const budget = { parent: verdict.parent.budget.verdict, root: verdict.root.budget.verdict }
  const parent = against.find(({ roles }) => roles.includes('parent')) ?? null
  const sibling = against.find(({ roles }) => roles.includes('sibling')) ?? null
  const target = parent && targetOf(parent.changes)
  const worst = parent && worstOf(parent.changes)
  const inSibling = (change: Change | null) =>
    sibling?.changes.find(({ benchmark }) => benchmark.slug === change?.benchmark.slug) ?? null
  return {
    stage,
    parent: parent?.experiment.name ?? null,
    target: target && named(target),
    rise: parent && namedOrNull(riseOf(parent.changes)),
    worst: worst && named(worst),
    budget,
    rootLoss: budget.root === 'fail' || budget.root === 'warn' ? rootLossOf(against) : null,
    mean: meanWords(parent?.verdict?.retention ?? null),
    cost: cost.text ?? cost.missing ?? 'nothing was spent',
    perGain: perGainWords(parent),
    sibling: sibling && {
      name: sibling.experiment.name,
      target: namedOrNull(inSibling(target)),
      worst: namedOrNull(inSibling(worst)),
    },
  }
}

/** The largest loss against the root of a stage whose parent is another one. */
function rootLossOf(against: DecisionPage['against']): DecisionFacts['rootLoss'] {
  const root = against.find(({ roles }) => roles.includes('base') && !roles.includes('parent'))
  const worst = root && worstOf(root.changes)
  return worst ? { root: root.experiment.name, words: named(worst).words } : null
}

/** Of the targets the one with the largest proven gain, else the largest; what cannot be compared only if nothing else is there. */
function targetOf(changes: readonly Change[]): Change | null {
  const rank = (change: Change) => (change.reading === 'gained' ? 2 : change.utility === null ? 0 : 1)
  const [first] = changes
    .filter(({ role }) => role === 'target')
    .sort((a, b) => rank(b) - rank(a) || severity(b) - severity(a))
  return first ?? null
}

function riseOf(changes: readonly Change[]): Change | null {
  const [first] = changes.filter(({ utility }) => (utility ?? 0) > 0).sort((a, b) => severity(b) - severity(a))
  return first ?? null
}

function worstOf(changes: readonly Change[]): Change | null {
  const [first] = changes
    .filter(({ role, utility }) => role !== 'target' && role !== null && utility !== null)
    .sort((a, b) => severity(a) - severity(b))
  return first ?? null
}

const namedOrNull = (change: Change | null): NamedChange | null => (change?.utility == null ? null : named(change))

/** "Task accuracy +0.398, 95 % +0.287 to +0.496, gained". */
function named(change: Change): NamedChange {
  const { benchmark, reading, utility, low, high } = change
  const digits = scoreDigits(benchmark, change.value ?? change.baseline ?? 0)
  const isShare = benchmark.kind === 'accuracy' || benchmark.kind === 'rate'
  const most = isShare ? (digits === 1 ? 100 : 1) : Number.POSITIVE_INFINITY
  const words = [
    change.change === null ? benchmark.name : `${benchmark.name} ${formatChange(change.change, digits)}`,
    low === null || high === null
      ? null
      : `95 % ${formatChange(Math.max(-most, low), digits)} to ${formatChange(Math.min(most, high), digits)}`,
    READING_WORDS[reading],
  ]
  return { words: words.filter((word) => word !== null).join(', '), reading, utility }
}

function meanWords(mean: Mean | null): string | null {
  if (!mean) return null
  const digits = mean.unit === 'points' ? 1 : 3
  const unit = mean.unit === 'points' ? 'points' : mean.unit === 'nats' ? 'nats' : 'bpb'
  const interval =
    mean.low === null || mean.high === null
      ? 'no interval'
      : `95 % ${formatChange(mean.low, digits)} to ${formatChange(mean.high, digits)}`
  return `what should be kept ${formatChange(mean.mean, digits)} ${unit}, ${interval}, over ${formatNumber(mean.used, 0)} of ${formatNumber(mean.total, 0)} benchmarks`
}

function perGainWords(parent: DecisionReference | null): string | null {
  const rate = parent?.per_gain
  if (!rate?.text) return null
  const interval = rate.low === null || rate.high === null ? '' : ` (95 % ${rate.low} to ${rate.high})`
  return `${rate.text} a ${rate.unit} gained${interval}`
}
