/**
 * A tally: what some work cost, by currency, and what it lacks. Unknown money is no 0: it stands in `lacks`, and a reader says how many
 * runs a total lacks.
 */
import { type Decimal, decimal, type Money, plain } from './money.ts'
import { type CurrencyRate, rateAt } from './rates.ts'

/** Money of one currency: what was reckoned with (paid, else typical), and its span over the low and high prices. */
export interface Amount extends Money {
  low: string
  high: string
}

/** Why some money is not known. */
export interface Lack {
  why: 'no_price' | 'no_hardware' | 'no_rate' | 'not_published'
  /** The run whose money it is; null: of a stage or of no run. */
  runId: number | null
  /** What has no price (`L40S`), which currencies have no rate (`EUR to USD`), or which stage tells nothing. */
  what: string
  /** The day (YYYY-MM-DD) on which it was sought; null when no day is known. */
  on: string | null
}

export interface Tally {
  /** One entry a currency, ascending by code; empty when no money is known. */
  amounts: readonly Amount[]
  /** Each lack once. */
  lacks: readonly Lack[]
  /** Some of it comes from an assumed price. */
  assumed: boolean
}

export const NOTHING: Tally = { amounts: [], lacks: [], assumed: false }

/** A tally of one amount; `low` and `high` are the amount itself unless given. */
export function tallyOf(money: Money, span: { low?: string; high?: string } = {}, assumed = false): Tally {
  const { amount, currency } = money
  return { amounts: [{ currency, amount, low: span.low ?? amount, high: span.high ?? amount }], lacks: [], assumed }
}

/** A tally that lacks something. */
export const lacking = (lack: Lack): Tally => ({ amounts: [], lacks: [lack], assumed: false })

/** The sum of tallies: amounts of each currency added, never across currencies; lacks joined. */
export function sumTallies(tallies: Iterable<Tally>): Tally {
  const sums = new Map<string, Decimal[]>()
  const lacks = new Map<string, Lack>()
  let assumed = false
  for (const tally of tallies) {
    for (const { currency, amount, low, high } of tally.amounts) {
      const parts = [amount, low, high].map((part) => decimal(part))
      const sum = sums.get(currency)
      sums.set(currency, sum ? sum.map((before, i) => before.plus(parts[i] as Decimal)) : parts)
    }
    for (const lack of tally.lacks) lacks.set(JSON.stringify([lack.why, lack.runId, lack.what, lack.on]), lack)
    assumed ||= tally.assumed
  }
  return { amounts: amountsOf(sums), lacks: [...lacks.values()], assumed }
}

/**
 * Equal shares of a tally that sum to it to the last digit: the first n − 1 are cut at 12 places, the last takes what is left. Lacks are
 * in each.
 *
 * @throws RangeError when n < 1
 */
export function shareTally(tally: Tally, n: number): Tally[] {
  if (!(Number.isInteger(n) && n >= 1)) throw new RangeError(`a tally is shared by 1 or more, got ${n}`)
  const split = (value: string) => {
    const even = plain(decimal(value).div(n))
    return [...Array<string>(n - 1).fill(even), plain(decimal(value).minus(decimal(even).times(n - 1)))]
  }
  const columns = tally.amounts.map(({ currency, amount, low, high }) => ({
    currency,
    amount: split(amount),
    low: split(low),
    high: split(high),
  }))
  return Array.from({ length: n }, (_, i) => ({
    ...tally,
    amounts: columns.map(({ currency, amount, low, high }) => ({
      currency,
      amount: amount[i] as string,
      low: low[i] as string,
      high: high[i] as string,
    })),
  }))
}

/**
 * The tally in one currency, by the rates of `on` (YYYY-MM-DD). An amount without a rate moves to `lacks`, and `rates` names those used.
 *
 * @throws RangeError when `currency` is unknown
 */
export function inCurrency(
  tally: Tally,
  currency: string,
  on: string,
  rates: readonly CurrencyRate[],
  runId: number | null = null,
): { tally: Tally; rates: CurrencyRate[] } {
  const used: CurrencyRate[] = []
  const parts = tally.amounts.map((amount): Tally => {
    if (amount.currency === currency) return { ...NOTHING, amounts: [amount] }
    const found = rateAt(rates, amount.currency, currency, on)
    if (!found) return lacking({ why: 'no_rate', runId, what: `${amount.currency} to ${currency}`, on })
    used.push(found.rate)
    const turned = (value: string) => plain(decimal(value).times(found.factor))
    const turnedAmount = { amount: turned(amount.amount), low: turned(amount.low), high: turned(amount.high) }
    return { ...NOTHING, amounts: [{ currency, ...turnedAmount }] }
  })
  return {
    tally: sumTallies([{ ...tally, amounts: [] }, ...parts]),
    rates: [...new Set(used)],
  }
}

/** How many runs a total lacks: those with work whose money is not known. */
export const runsLacking = ({ lacks }: Tally): number =>
  new Set(lacks.flatMap(({ runId }) => (runId === null ? [] : [runId]))).size

const amountsOf = (sums: ReadonlyMap<string, Decimal[]>): Amount[] =>
  [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, [amount, low, high]]) => ({
      currency,
      amount: plain(amount as Decimal),
      low: plain(low as Decimal),
      high: plain(high as Decimal),
    }))
