/** A merge against its inputs, in words. Pure. */
import { ALPHA } from '#src/core/evaluations/read-change.ts'
import { formatChange } from '#src/core/format/number.ts'
import type { MergeCell } from '#src/protocol/forgetting.ts'
import { unitWord } from './verdict.ts'

const digitsOf = ({ unit }: MergeCell): number => (unit === 'points' ? 1 : 3)

/** "+0.8 points"; that it was not measured alike. */
export const inUnit = (cell: MergeCell, value: number | null): string =>
  value === null ? 'not measured alike' : `${formatChange(value, digitsOf(cell))} ${unitWord(cell.unit)}`.trimEnd()

/** "−0.4 to +2.0"; that there is none. */
export const intervalWords = (cell: MergeCell): string =>
  cell.vs_best_low === null || cell.vs_best_high === null
    ? 'no interval'
    : `${formatChange(cell.vs_best_low, digitsOf(cell))} to ${formatChange(cell.vs_best_high, digitsOf(cell))}`

/** Certainly better or worse than its best input; null where that is not found, or has no interval. */
export function againstBest({ vs_best_input, vs_best_p }: MergeCell): 'gained' | 'lost' | null {
  if (vs_best_input === null || vs_best_p === null || vs_best_p >= ALPHA || vs_best_input === 0) return null
  return vs_best_input > 0 ? 'gained' : 'lost'
}

/** "better than its best input on 1 of 2, certainly on 0". */
export function bestSentence(cells: readonly MergeCell[]): string {
  const compared = cells.filter((cell) => cell.vs_best_input !== null)
  if (compared.length === 0) return 'no input was measured on the same benchmarks under one protocol'
  const better = compared.filter((cell) => (cell.vs_best_input ?? 0) > 0)
  const certain = better.filter((cell) => againstBest(cell) === 'gained')
  return `better than its best input on ${better.length} of ${compared.length}, certainly on ${certain.length}`
}
