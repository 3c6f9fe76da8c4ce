/** The page's table as rows, and as text to be copied: the same words. Pure. */
import { DECISION_WORDS, type ReferenceRole } from '#src/core/decisions/decisions.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { PublishedCell, TableText } from '#src/core/publish/table.ts'
import type { DecisionPage, DecisionReference } from '#src/protocol/decisions.ts'
import type { Benchmark, Change } from '#src/protocol/evaluations.ts'
import type { Mean } from '#src/protocol/forgetting.ts'
import {
  apartSafety,
  changeGroups,
  changeNumber,
  directionArrow,
  intervalWords,
  shortReading,
} from '#src/ui/changes/change-words.ts'

const ROLE_WORDS: Readonly<Record<ReferenceRole, string>> = { base: 'base', parent: 'parent', sibling: 'sibling' }

/** "Against base and parent". */
export const roleWords = ({ roles }: DecisionReference): string =>
  `Against ${roles.map((role) => ROLE_WORDS[role]).join(' and ')}`

export interface BenchmarkRow {
  benchmark: Benchmark
  /** Parallel to the references. */
  changes: readonly Change[]
}

export interface BenchmarkPart {
  title: string
  note: string
  rows: readonly BenchmarkRow[]
}

/** Targets, what should be kept (worst against the parent first), drift: only the parts that have rows. */
export function benchmarkParts({ against }: DecisionPage): BenchmarkPart[] {
  const order = against.find(({ roles }) => roles.includes('parent')) ?? against[0]
  if (!order) return []
  const { target, kept, drift } = changeGroups(order.changes)
  const { ability, safety } = apartSafety(kept)
  const row = ({ benchmark }: Change): BenchmarkRow => ({
    benchmark,
    changes: against.flatMap(({ changes }) => changes.find((change) => change.benchmark.slug === benchmark.slug) ?? []),
  })
  return [
    { title: 'Gain', note: 'what the stage aims at', rows: target.map(row) },
    { title: 'To be kept', note: 'worst against the parent first', rows: ability.map(row) },
    { title: 'Safety', note: 'apart from ability', rows: safety.map(row) },
    { title: 'Drift', note: 'lower is better', rows: drift.map(row) },
  ].filter(({ rows }) => rows.length > 0)
}

const UNIT_WORDS = { points: 'points', nats: 'nats', bits_per_byte: 'bpb' } as const

/** "−10.4 points (95 % −14.4 to −6.4), 3 of 3 measured"; null: no mean can be given. */
export function meanWords(mean: Mean | null): string | null {
  if (!mean) return null
  const digits = mean.unit === 'points' ? 1 : 3
  const interval =
    mean.low === null || mean.high === null
      ? 'no interval'
      : `95 % ${formatChange(mean.low, digits)} to ${formatChange(mean.high, digits)}`
  return `${formatChange(mean.mean, digits)} ${UNIT_WORDS[mean.unit]} (${interval}), ${formatNumber(mean.used, 0)} of ${formatNumber(mean.total, 0)} measured`
}

const BUDGET_WORDS = { pass: 'within budget', warn: 'cannot tell', fail: 'over budget' } as const

export interface WordRow {
  label: string
  /** Parallel to the references. */
  cells: readonly string[]
}

/** Means, budget and cost against each reference, in words. */
export function wordRows(page: DecisionPage): WordRow[] {
  const { against } = page
  const row = (label: string, of: (reference: DecisionReference) => string): WordRow => ({
    label,
    cells: against.map(of),
  })
  const sibling = 'no budget is about a sibling'
  const alone = 'benchmark by benchmark, above'
  return [
    row('Mean gain', ({ verdict }) => (verdict ? (meanWords(verdict.target) ?? 'no mean') : alone)),
    row('Mean kept', ({ verdict }) =>
      verdict
        ? (meanWords(verdict.retention) ?? meanWords(verdict.drift) ?? 'no mean: too little was measured on both')
        : alone,
    ),
    row('Budget', ({ verdict }) =>
      verdict ? (verdict.budget.verdict ? BUDGET_WORDS[verdict.budget.verdict] : 'nothing to judge by') : sibling,
    ),
    row('More cost', ({ more_cost }) => more_cost.text ?? more_cost.missing ?? 'not known'),
    row('Cost of a gain', ({ per_gain }) => perGainWords(per_gain)),
  ]
}

function perGainWords({ text, low, high, unit, reason }: DecisionReference['per_gain']): string {
  if (text === null) return reason ?? 'not known'
  return `${text} a ${unit}${low === null || high === null ? '' : ` (95 % ${low} to ${high})`}`
}

/** "+0.398, +0.287 to +0.496, better". */
export function changeText(change: Change | undefined): string {
  if (!change) return 'not measured'
  if (change.change === null) return change.reason ?? shortReading(change)
  return [changeNumber(change), intervalWords(change), shortReading(change)].filter((part) => part !== null).join(', ')
}

/** The whole page as a table with the decision below it. */
export function decisionText(page: DecisionPage): TableText {
  const { experiment, against, cost, decision, proposal } = page
  const cells = (label: string, words: readonly string[]): PublishedCell[] =>
    [label, ...words].map((text) => ({ text }))
  const said = decision ?? proposal
  return {
    title: `Was ${experiment.name} worth it?`,
    table: {
      columns: ['', ...against.map((one) => `${roleWords(one).toLowerCase()}, ${one.experiment.name}`)].map((name) => ({
        name,
        align: 'left',
      })),
      rows: [
        ...benchmarkParts(page).flatMap(({ rows }) =>
          rows.map(({ benchmark, changes }) =>
            cells(
              `${benchmark.name} ${directionArrow(benchmark.higher_is_better)}`,
              against.map((_, i) => changeText(changes[i])),
            ),
          ),
        ),
        ...wordRows(page).map(({ label, cells: words }) => cells(label, words)),
      ],
    },
    footRows: wordRows(page).length,
    notes: [
      `Cost of the stage: ${cost.own.text ?? cost.own.missing ?? 'nothing was spent'}; of its whole path: ${cost.path.text ?? cost.path.missing ?? 'nothing was spent'}.`,
      ...(cost.note === null ? [] : [`Prices: ${cost.note}.`]),
      `${decision ? `Decided by ${decision.by}` : 'By the numbers, not decided yet'}: ${DECISION_WORDS[said.decision]}. ${said.reason.replaceAll('\n', ' ')}`,
    ],
  }
}
