import { decimal } from '../cost/money.ts'
import { Z95 } from '../evaluations/distributions.ts'

export interface GainPerMoney {
  /** Points per 1,000 units of the currency; null with a reason. */
  value: number | null
  /** Null without a standard error of the gain. */
  low: number | null
  high: number | null
  reason: string | null
}

/**
 * What 1,000 units of money bought: `1000 · gain / cost`, its interval that of the gain. Unlike the cost of a point it is defined
 * for a gain that may be nothing.
 *
 * @param gain on the target, utility in its unit, with its standard error
 * @param cost decimal string of one currency; null: unknown, with the reason
 */
export function gainPerThousand(
  gain: { delta: number; se: number | null },
  cost: { amount: string } | { reason: string },
): GainPerMoney {
  const none = (reason: string): GainPerMoney => ({ value: null, low: null, high: null, reason })
  if ('reason' in cost) return none(cost.reason)
  const amount = Number(decimal(cost.amount, 'cost'))
  if (!(amount > 0)) return none('it cost nothing')
  const per = (points: number) => (1000 * points) / amount
  if (gain.se === null) return { value: per(gain.delta), low: null, high: null, reason: null }
  return {
    value: per(gain.delta),
    low: per(gain.delta - Z95 * gain.se),
    high: per(gain.delta + Z95 * gain.se),
    reason: null,
  }
}
