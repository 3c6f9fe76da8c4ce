/** Totals of cost as the wire brings them: added, scaled to a view, and in words. */
import { decimal, plain } from '#src/core/cost/money.ts'
import { sumTallies } from '#src/core/cost/tally.ts'
import { formatMoney } from '#src/core/format/money.ts'
import type { CostTotal } from '#src/protocol/cost-parts.ts'

/** The sum: each currency by itself, each lack once. */
export function sumTotals(totals: readonly CostTotal[]): CostTotal {
  const { amounts, assumed } = sumTallies(totals.map((total) => ({ ...total, lacks: [] })))
  const lacks = [...new Map(totals.flatMap((t) => t.lacks).map((lack) => [JSON.stringify(lack), lack])).values()]
  const runs = new Set(lacks.flatMap(({ run }) => (run ? [`${run.project} ${run.number}`] : [])))
  return { amounts: [...amounts], lacks, runs_lacking: runs.size, assumed }
}

/** The amount in one currency, a decimal string: 0 where nothing was spent; null where nothing of it is known. */
export function amountIn({ amounts, lacks }: CostTotal, currency: string): string | null {
  const found = amounts.find((amount) => amount.currency === currency)
  return found?.amount ?? (lacks.length > 0 ? null : '0')
}

/** The currency of most amounts; null where no money is known. */
export function usualCurrency(totals: readonly CostTotal[]): string | null {
  const counts = new Map<string, number>()
  for (const { amounts } of totals)
    for (const { currency } of amounts) counts.set(currency, (counts.get(currency) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

/**
 * "$0.0050", "$12.31 + €4.00", "$12.31 without 2 runs", "price missing". Nothing spent is 0 of the currency.
 *
 * @param places decimals of a column
 */
export function totalWords(total: CostTotal, currency: string | null, places?: number): string {
  const { amounts, lacks } = total
  if (amounts.length === 0)
    return lacks.length > 0 ? lackWord(total) : formatMoney({ amount: '0', currency: currency ?? '' }, places)
  const sums = amounts.map((amount) => formatMoney(amount, places)).join(' + ')
  return lacks.length === 0 ? sums : `${sums} ${withoutWords(total)}`
}

/** Why nothing of a total is known: nobody published it, or a price is missing. */
export const lackWord = ({ lacks }: CostTotal): 'not published' | 'price missing' =>
  lacks.length > 0 && lacks.every(({ why }) => why === 'not_published') ? 'not published' : 'price missing'

/** "without 2 runs"; of lacks that are of no run: "without what has no price". */
export const withoutWords = ({ runs_lacking: runs }: CostTotal): string =>
  runs === 0 ? 'without what has no price' : `without ${runs} ${runs === 1 ? 'run' : 'runs'}`

/** What lacks a price, each once: "L40S on 2026-03-02". */
export const lackWords = ({ lacks }: CostTotal): string[] => [
  ...new Set(
    lacks.map(({ why, what, on, run }) =>
      why === 'no_hardware' ? `hardware of run #${run?.number ?? '?'}` : `${what}${on === null ? '' : ` on ${on}`}`,
    ),
  ),
]

/** part ÷ whole in one currency; null where either is not known whole, and of nothing. */
export function shareOf(part: CostTotal, whole: CostTotal, currency: string): number | null {
  const [a, b] = [amountIn(part, currency), amountIn(whole, currency)]
  if (a === null || b === null || Number(b) === 0) return null
  return decimal(a).div(b).toNumber()
}

/** Exact difference of two decimal strings. */
export const minus = (a: string, b: string): string => plain(decimal(a).minus(b))
