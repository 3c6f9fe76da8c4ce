/** What was planned against what was spent. */
import type { Plan } from '../experiments/fields.ts'
import { decimal, type Money, plain } from './money.ts'
import type { Tally } from './tally.ts'

/** Device-hours of a plan: hours on so many devices, one when it names no count; null when it plans no hours. */
export const plannedHours = (plan: Plan | null): number | null =>
  plan?.hours === undefined ? null : plan.hours * (plan.device_count ?? 1)

/** Actual − planned money, in the plan's currency; null with a reason where it cannot be told. */
export function overPlan(
  plan: Plan | null,
  actual: Tally,
): { over: Money; reason: null } | { over: null; reason: string } {
  const planned = plan?.money
  if (!planned) return { over: null, reason: 'no money was planned' }
  if (actual.lacks.length > 0) return { over: null, reason: 'some of what it cost is not known' }
  const other = actual.amounts.find(({ currency }) => currency !== planned.currency)
  if (other)
    return {
      over: null,
      reason: `spent in ${other.currency}, planned in ${planned.currency}: choose a currency with a rate`,
    }
  const spent = decimal(actual.amounts[0]?.amount ?? '0')
  return { over: { amount: plain(spent.minus(planned.amount)), currency: planned.currency }, reason: null }
}
