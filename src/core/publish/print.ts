/** Numbers of published tables: shares in points of 100, losses and ratings in their own unit. */
import type { BenchmarkKind } from '../evaluations/benchmarks.ts'
import { READING_WORDS } from '../evaluations/reading-words.ts'
import { formatChange, formatNumber } from '../format/number.ts'

/** What stands where there is no number. */
export const NO_NUMBER = {
  measured: 'not measured',
  told: 'not told',
  published: 'not published',
  baseline: READING_WORDS.missing_baseline,
  compared: READING_WORDS.not_comparable,
  price: 'price missing',
} as const

/** Shares are published in points. */
export const isShare = (kind: BenchmarkKind): boolean => kind === 'accuracy' || kind === 'rate'

/** A score as it was measured (1: fractions, 100: points) in the unit in which it is published. */
export const publishedUnit = (value: number, kind: BenchmarkKind, scale: 1 | 100): number =>
  isShare(kind) ? (value * 100) / scale : value

/** Decimals of a benchmark, given those of a share in points: two more for losses, which move in hundredths. */
export const decimalsOf = (kind: BenchmarkKind, decimals: number): number =>
  isShare(kind) ? decimals : kind === 'elo' ? Math.max(0, decimals - 1) : decimals + 2

/** "65.9", "2.316". */
export const printScore = (value: number, kind: BenchmarkKind, decimals: number): string =>
  formatNumber(settled(value), decimalsOf(kind, decimals))

/** "+2.8", "−7.6". */
export const printChange = (value: number, kind: BenchmarkKind, decimals: number): string =>
  formatChange(settled(value), decimalsOf(kind, decimals))

/** "65.9 ± 1.2"; without a half-width the number alone. */
export function printWithHalf(printed: string, half: number | null, kind: BenchmarkKind, decimals: number): string {
  return half === null ? printed : `${printed} ± ${formatNumber(settled(half), decimalsOf(kind, decimals))}`
}

/** Sums of decimals are off by some 1e−15, enough to round a half the wrong way. */
export const settled = (value: number): number => Number(value.toPrecision(12))
