import { decimal, plain } from './money.ts'

/**
 * Tokens from which a fixed cost, such as a fine-tune's, is earned back by a lower price: fixed ÷ (old − new). Null unless the new price
 * is lower.
 *
 * @param prices decimal strings of one currency; the prices per million tokens
 * @throws RangeError for a negative one
 */
export function breakEvenTokens(prices: { fixed: string; oldPerMtok: string; newPerMtok: string }): number | null {
  const [fixed, before, after] = (['fixed', 'oldPerMtok', 'newPerMtok'] as const).map((name) => {
    const value = decimal(prices[name], name)
    if (value.lt(0)) throw new RangeError(`${name} must not be negative, got ${prices[name]}`)
    return value
  }) as [ReturnType<typeof decimal>, ReturnType<typeof decimal>, ReturnType<typeof decimal>]
  return after.gte(before) ? null : fixed.div(before.minus(after)).times(1_000_000).toNumber()
}

/**
 * The cost of a lineage spread over its use: per child, or per million tokens expected to be served, to which serving itself adds.
 *
 * @param units at least 1 child, or tokens ÷ 1,000,000 above 0
 * @param serving what one unit costs to serve; 0 for children
 * @throws RangeError outside that domain
 */
export function amortised(total: string, units: number, serving = '0'): string {
  if (!(units > 0 && Number.isFinite(units)))
    throw new RangeError(`a cost is spread over more than 0 units, got ${units}`)
  return plain(decimal(total).div(units).plus(serving))
}
