import type { Tally } from '../cost/tally.ts'
import { formatMoney } from '../format/money.ts'
import type { MissingWord, Money } from './stage-rows.ts'

/** A tally as a cell prints it: "$0.0041", "$12.31 without 2 runs". The amount only where there is one currency and nothing lacks. */
export function moneyOf({ amounts, lacks }: Tally): Money {
  const [only] = amounts
  if (only === undefined)
    return { text: null, amount: null, currency: null, missing: lacks.length === 0 ? null : missingWord(lacks) }
  const runs = new Set(lacks.flatMap(({ runId }) => runId ?? [])).size
  const without =
    lacks.length === 0
      ? ''
      : runs === 0
        ? ' without what has no price'
        : ` without ${runs} ${runs === 1 ? 'run' : 'runs'}`
  const isWhole = amounts.length === 1 && lacks.length === 0
  return {
    text: `${amounts.map((amount) => formatMoney(amount)).join(' + ')}${without}`,
    amount: isWhole ? Number(only.amount) : null,
    currency: isWhole ? only.currency : null,
    missing: null,
  }
}

function missingWord(lacks: Tally['lacks']): MissingWord {
  if (lacks.some(({ why }) => why === 'no_price' || why === 'no_rate')) return 'price missing'
  return lacks.some(({ why }) => why === 'not_published') ? 'not published' : 'not measured'
}
