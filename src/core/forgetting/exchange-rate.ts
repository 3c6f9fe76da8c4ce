import { Z95 } from '../evaluations/distributions.ts'

export interface ExchangeRate {
  /** Retention change per point gained on the target: negative means that something was paid. */
  rate: number | null
  /** Its 95 % interval after Fieller. */
  low: number | null
  high: number | null
  /** Why there is none; null when there is one. */
  reason: string | null
}

/**
 * What a stage paid in retention for each point that it gained on its target: `rate = retention change / target gain`.
 *
 * The interval is Fieller's for independent numerator c and denominator g: the roots of
 * `(c − r·g)² = z² (se_c² + r² se_g²)`. Only told when the gain is significant (`g / se_g > 1.96`), which also keeps the
 * interval finite. Source: Fieller 1954.
 *
 * @param retention change of what should be kept, utility, with its standard error
 * @param target gain on the target in the same unit
 */
export function exchangeRate(
  retention: { change: number; se: number | null },
  target: { gain: number; se: number | null },
): ExchangeRate {
  const { change, se: changeSe } = retention
  const { gain, se: gainSe } = target
  if (gainSe === null) return withoutRate('the target gain has no standard error')
  if (changeSe === null) return withoutRate('the retention change has no standard error')
  if (!(gain > Z95 * gainSe)) return withoutRate('the target gain is not significant')
  const rest = gain ** 2 - (Z95 * gainSe) ** 2
  const middle = (change * gain) / rest
  const inside = (changeSe * gain) ** 2 + (gainSe * change) ** 2 - (Z95 * changeSe * gainSe) ** 2
  const half = (Z95 * Math.sqrt(Math.max(0, inside))) / rest
  return { rate: change / gain, low: middle - half, high: middle + half, reason: null }
}

const withoutRate = (reason: string): ExchangeRate => ({ rate: null, low: null, high: null, reason })
