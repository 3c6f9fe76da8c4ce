/** Scores and changes of probes in words and ink. */
import { READING_WORDS } from '#src/core/evaluations/reading-words.ts'
import { type Certain, certainOf } from '#src/core/evaluations/taught-facts.ts'
import { formatCount } from '#src/core/format/count.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { Probed, ProbeScore } from '#src/protocol/probes.ts'
import { changeArrow } from '#src/ui/changes/change-words.ts'

const digitsOf = ({ scale }: Probed): number => (scale === 100 ? 1 : 3)

/** "0.950"; what was not measured is said so. */
export const scoreWords = (probed: Probed, side: ProbeScore | null): string =>
  side === null ? 'not measured' : formatNumber(side.score, digitsOf(probed))

/** "95 % 0.91 to 0.98, n 400"; without an interval n alone. */
export function intervalOfScore(probed: Probed, side: ProbeScore): string {
  const digits = digitsOf(probed)
  const n = side.n === null ? 'n not given' : `n ${formatCount(side.n)}`
  return side.low === null || side.high === null
    ? `no interval, ${n}`
    : `95 % ${formatNumber(side.low, digits)} to ${formatNumber(side.high, digits)}, ${n}`
}

export interface ChangeOfProbe {
  /** "▲ +0.850": filled where the change is certain. */
  text: string
  /** "gained (+0.80 to +0.90)" */
  note: string
  ink: 'gained' | 'lost' | 'grey'
}

/** A change against the start in one line; why there is none where there is none. */
export function changeOfProbe(probed: Probed): ChangeOfProbe {
  const { change, benchmark } = probed
  if (change === null) return { text: '–', note: probed.reason ?? READING_WORDS.missing_baseline, ink: 'grey' }
  const certain: Certain = certainOf(change, benchmark.higher_is_better ? 1 : -1)
  const isSure = certain === 'gained' || certain === 'lost'
  const mark = changeArrow(benchmark.higher_is_better ? change.value : -change.value, isSure)
  const digits = digitsOf(probed)
  const range =
    change.low === null || change.high === null
      ? 'no interval'
      : `${formatChange(change.low, digits)} to ${formatChange(change.high, digits)}`
  return {
    text: `${mark} ${formatChange(change.value, digits)}`.trim(),
    note: isSure ? `${certain} (${range})` : certain === null ? range : `no difference found (${range})`,
    ink: isSure ? certain : 'grey',
  }
}

/** The scale of bars: shares from 0 to all of them, other numbers as far as they reach. */
export function barScale(probes: readonly Probed[]): { min: number; max: number } {
  const [first] = probes
  const values = probes.flatMap(({ after, before }) =>
    [after, before].flatMap((side) => (side ? [side.score, side.low ?? side.score, side.high ?? side.score] : [])),
  )
  const isShare = first !== undefined && (first.benchmark.kind === 'accuracy' || first.benchmark.kind === 'rate')
  if (isShare) return { min: 0, max: Math.max(first.scale, ...values) }
  return { min: Math.min(0, ...values), max: Math.max(...values, 1e-9) }
}
