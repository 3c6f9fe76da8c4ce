/** Cost that no device-hour tells: tokens of an API, labels, storage, traffic, and people where somebody wants them counted. */
import { checkedDay } from './days.ts'
import { checkedAmount, checkedCurrency, decimal, plain } from './money.ts'

export const ENTRY_KINDS = ['api_tokens', 'labels', 'storage', 'egress', 'people', 'other'] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** One entry: an amount, or a quantity at a price per unit. */
export interface CostEntry {
  kind: EntryKind
  /** Such as 12.5; null with `amount` alone. */
  quantity: string | null
  /** What one is: million tokens, labels, GB-months, hours. */
  unit: string | null
  perUnit: string | null
  amount: string
  currency: string
  /** YYYY-MM-DD. */
  on: string
  /** True for a number that nobody was billed. */
  assumed: boolean
  note: string
}

/**
 * An entry as it is kept: `amount`, or quantity × price per unit; both are given only where they agree.
 *
 * @throws RangeError for a negative number, an unknown currency, a day that is none, neither an amount nor both factors, or an amount that
 *   is not their product; the message names the field and the value
 */
export function checkedEntry(input: Omit<CostEntry, 'amount'> & { amount: string | null }): CostEntry {
  const number = (field: 'quantity' | 'perUnit' | 'amount', name: string) =>
    input[field] === null ? null : checkedAmount(input[field], name)
  const quantity = number('quantity', 'quantity')
  const perUnit = number('perUnit', 'per_unit')
  const told = number('amount', 'amount')
  if (quantity !== null && !input.unit?.trim())
    throw new RangeError(`unit must say what ${quantity} counts, such as million tokens, got nothing`)
  const product = quantity !== null && perUnit !== null ? plain(decimal(quantity).times(perUnit)) : null
  if (told === null && product === null)
    throw new RangeError('amount, or quantity and per_unit, must say what it cost, got neither')
  if (told !== null && product !== null && told !== product)
    throw new RangeError(`amount must be quantity × per_unit (${product}) or be left out, got ${told}`)
  return {
    ...input,
    quantity,
    perUnit,
    unit: input.unit?.trim() || null,
    amount: (told ?? product) as string,
    currency: checkedCurrency(input.currency),
    on: checkedDay(input.on, 'on'),
  }
}

/** Money per trained token and per million served tokens are two numbers; each is told with its meaning. Null without tokens. */
export const perMillionTokens = (amount: string, tokens: number | null): string | null =>
  tokens === null || !(tokens > 0) ? null : plain(decimal(amount).times(1_000_000).div(tokens))
