import { formatNumber } from '#src/core/format/number.ts'
import { scoreDigits } from '#src/core/format/score-digits.ts'
import type { Benchmark } from '#src/protocol/evaluations.ts'

type Scale = Pick<Benchmark, 'kind' | 'best'>

export { scoreDigits as digitsOf }

/** "0.539", or "83.9" where scores are in points. */
export const scoreWords = (score: number, benchmark: Scale): string =>
  formatNumber(score, scoreDigits(benchmark, score))

/** Points in one of a benchmark's own unit: 100 where scores are shares, 1 where they are in points; null where points mean nothing. */
export function pointsPerUnit(benchmark: Scale, score: number): 1 | 100 | null {
  if (benchmark.kind !== 'accuracy' && benchmark.kind !== 'rate') return null
  return scoreDigits(benchmark, score) === 1 ? 1 : 100
}
