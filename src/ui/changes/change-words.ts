/** A change of a benchmark in words and ink, as the stage page and the run page print it. */

import { besideTwins, twinLeaders } from '#src/core/evaluations/beside-twins.ts'
import { READING_WORDS } from '#src/core/evaluations/reading-words.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { Change } from '#src/protocol/evaluations.ts'
import { digitsOf } from './score-digits.ts'

/** Orange for lost, blue for gained, grey where nothing was found or nothing can be said. */
export function changeInk(change: Change): 'gained' | 'lost' | 'grey' {
  if (change.utility === null || change.utility === 0) return 'grey'
  if (change.reading !== 'gained' && change.reading !== 'lost' && change.reading !== 'no_interval') return 'grey'
  return change.utility > 0 ? 'gained' : 'lost'
}

/** "+0.398", or a dash where there is nothing to subtract. */
export const changeNumber = (change: Change): string =>
  change.change === null ? '–' : formatChange(change.change, digitsOfChange(change))

/** Decimals of a change: those of its scores. */
export const digitsOfChange = ({ benchmark, value, baseline }: Change): number =>
  digitsOf(benchmark, Math.max(Math.abs(value ?? 0), Math.abs(baseline ?? 0)))

/**
 * "+0.287 to +0.496"; null without an interval. The interval of the change of a share may reach beyond what a share can
 * change by; printed it ends there.
 */
export function intervalWords(change: Change): string | null {
  if (change.low === null || change.high === null) return null
  const digits = digitsOfChange(change)
  const isShare = change.benchmark.kind === 'accuracy' || change.benchmark.kind === 'rate'
  const most = isShare ? (digits === 1 ? 100 : 1) : Number.POSITIVE_INFINITY
  return `${formatChange(Math.max(-most, change.low), digits)} to ${formatChange(Math.min(most, change.high), digits)}`
}

/** "±0.15": half of the interval in two decimals (points in one), in one significant digit where that would be nothing; '' without one. */
export function halfWords(change: Change): string {
  const { low, high } = change
  if (low === null || high === null) return ''
  const half = (high - low) / 2
  const digits = Math.min(2, digitsOfChange(change))
  const isLost = half > 0 && Number(half.toFixed(digits)) === 0
  return `±${formatNumber(half, isLost ? -Math.floor(Math.log10(half)) : digits)}`
}

/** "gained", "worse, no interval", "no difference found (±0.15)": short enough for one line under a number. */
export function shortReading(change: Change): string {
  const word = change.utility === null || change.utility === 0 ? 'no change' : change.utility > 0 ? 'better' : 'worse'
  switch (change.reading) {
    case 'gained':
    case 'lost':
      return change.reading
    case 'no_interval':
      return `${word}, no interval`
    case 'no_difference_found': {
      const half = halfWords(change)
      return half === '' ? READING_WORDS.no_difference_found : `${READING_WORDS.no_difference_found} (${half})`
    }
    case 'not_comparable':
    case 'missing_baseline':
      return READING_WORDS[change.reading]
  }
}

/** ▲ gained and ▼ lost, hollow where that is not certain; nothing where nothing changed. `utility`: positive is better. */
export function changeArrow(utility: number | null, isCertain: boolean): '▲' | '▼' | '△' | '▽' | '' {
  if (utility === null || utility === 0) return ''
  if (utility > 0) return isCertain ? '▲' : '△'
  return isCertain ? '▼' : '▽'
}

/** ↑ where higher is better, ↓ where lower is. */
export const directionArrow = (higherIsBetter: boolean): string => (higherIsBetter ? '↑' : '↓')

/**
 * Targets first, then what should be kept (worst first, an over-refusal twin behind its safety benchmark), then losses in bits or nats,
 * which only drift.
 */
export function changeGroups(changes: readonly Change[]): { target: Change[]; kept: Change[]; drift: Change[] } {
  const worstFirst = (a: Change, b: Change) =>
    (a.utility ?? Number.POSITIVE_INFINITY) - (b.utility ?? Number.POSITIVE_INFINITY)
  const target = changes.filter((change) => change.role === 'target')
  const rest = changes.filter((change) => change.role !== 'target')
  return {
    target,
    kept: besideTwins(
      rest.filter((change) => change.benchmark.kind !== 'loss').sort(worstFirst),
      (change) => change.benchmark,
    ),
    drift: rest.filter((change) => change.benchmark.kind === 'loss').sort(worstFirst),
  }
}

/** What should be kept, parted: safety with its over-refusal twins stands apart from ability, for the two are never averaged. */
export function apartSafety(kept: readonly Change[]): { ability: Change[]; safety: Change[] } {
  const leaders = twinLeaders(kept, (change) => change.benchmark)
  const safe = new Set(kept.filter((change) => change.role === 'safety').map((change) => change.benchmark.slug))
  const isSafety = ({ benchmark }: Change) => safe.has(benchmark.slug) || safe.has(leaders.get(benchmark.slug) ?? '')
  return { ability: kept.filter((change) => !isSafety(change)), safety: kept.filter(isSafety) }
}
