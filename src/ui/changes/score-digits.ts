import { formatNumber } from '#src/core/format/number.ts'
import { scoreDigits } from '#src/core/format/score-digits.ts'
import type { Benchmark } from '#src/protocol/evaluations.ts'

type Scale = Pick<Benchmark, 'kind' | 'best'>

export { scoreDigits as digitsOf }

/** "0.539", or "83.9" where scores are in points. */
export const scoreWords = (score: number, benchmark: Scale): string =>
  formatNumber(score, scoreDigits(benchmark, score))
