import { gainPerThousand } from '#src/core/forgetting/gain-per-money.ts'
import type { CostTotal } from '#src/protocol/cost-parts.ts'
import type { ForgettingVerdict } from '#src/protocol/forgetting.ts'
import type { GainPerMoney } from '#src/protocol/lineage.ts'

/** What 1,000 units of each currency bought of a stage's target gain; one entry with the reason where that cannot be told. */
export function gainsPerMoney({ target, exchange }: ForgettingVerdict, cost: CostTotal): GainPerMoney[] {
  // Without a gain the exchange rate has no reason but that.
  if (!target) return [{ currency: null, value: null, low: null, high: null, reason: exchange.reason }]
  const gain = { delta: target.mean, se: target.se }
  const reason = whyUnknown(cost)
  if (reason !== null) return [{ currency: null, ...gainPerThousand(gain, { reason }) }]
  return cost.amounts.map(({ currency, amount }) => ({ currency, ...gainPerThousand(gain, { amount }) }))
}

/** Why the money of a stage is not known whole; null when it is. */
function whyUnknown(cost: CostTotal): string | null {
  const [lack] = cost.lacks
  if (lack?.why === 'no_price') return `there is no price for ${lack.what}`
  if (lack?.why === 'no_hardware') return 'a run did not tell its hardware'
  if (lack?.why === 'not_published') return 'its cost was not published'
  if (lack) return `there is no rate between ${lack.what}`
  return cost.amounts.length === 0 ? 'nothing was spent' : null
}
