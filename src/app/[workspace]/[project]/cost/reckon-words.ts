/** What the two small reckoners of the page answer, or what they lack. Pure. */
import { breakEvenTokens } from '#src/core/cost/amortisation.ts'
import { checkpointInterval } from '#src/core/cost/interruptions.ts'
import { formatCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import { formatPercent } from '#src/core/format/number.ts'
import type { CostTotal } from '#src/protocol/cost-parts.ts'

/** "earned back after 12.4M tokens", or why that is not known. */
export function breakEvenWords(total: CostTotal, before: string | null, now: string | null): string {
  if (before === null || now === null) return 'type both prices to see when it is earned back.'
  const [amount, ...others] = total.amounts
  if (total.lacks.length > 0 || !amount || others.length > 0)
    return others.length > 0
      ? 'not known: the cost is in several currencies.'
      : 'not known: a price of the lineage is missing.'
  try {
    const tokens = breakEvenTokens({ fixed: amount.amount, oldPerMtok: before.trim(), newPerMtok: now.trim() })
    return tokens === null
      ? 'never: serving it is not cheaper.'
      : `earned back after ${formatCount(Math.ceil(tokens))} served tokens.`
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return `not known: a price must be a decimal of 0 or more.`
  }
}

/** "save every 12 m 40 s; that and lost work take 5 % of the time". */
export function intervalWords(saveMin: number | null, mtbfHours: number | null): string {
  if (saveMin === null) return 'type how long a checkpoint takes.'
  if (mtbfHours === null) return 'type the hours between interruptions: none happened here.'
  const { tauMin, overhead } = checkpointInterval(saveMin, mtbfHours)
  if (overhead >= 1) return 'no interval helps: a run is interrupted before a checkpoint pays.'
  return `save every ${formatDuration(tauMin * 60)}; saving and lost work then take ${formatPercent(overhead)} of the time.`
}
