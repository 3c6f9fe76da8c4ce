import { formatNumber } from '#src/core/format/number.ts'
import type { Benchmark } from '#src/protocol/evaluations.ts'

type Scale = Pick<Benchmark, 'kind' | 'best'>

/** Decimals of a score and of its change: three, one for scores in points, none for ratings. */
export function digitsOf({ kind, best }: Scale, score: number): number {
  if (kind === 'elo') return 0
  const inPoints = (kind === 'accuracy' || kind === 'rate') && (Math.abs(score) > 1.0001 || (best ?? 0) > 1)
  return inPoints ? 1 : 3
}

/** "0.539", or "83.9" where scores are in points. */
export const scoreWords = (score: number, benchmark: Scale): string => formatNumber(score, digitsOf(benchmark, score))
