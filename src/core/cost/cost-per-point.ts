/** What a point cost: Δcost ÷ Δscore of one edge, only where the gain is certain; the interval divides by the ends of the gain's. */
import { Z95 } from '../evaluations/z95.ts'
import { decimal, plain } from './money.ts'

export interface CostPerPoint {
  /** Decimal strings per point, in the currency of the cost; null with a reason. */
  perPoint: string | null
  low: string | null
  high: string | null
  reason: string | null
}

/** Why there is no cost per point: the gain may be nothing. */
export const NO_CERTAIN_GAIN = 'no significant gain: cost per point undefined'

/**
 * @param cost decimal string, 0 or more
 * @param gain in points, with its standard error (null: missing)
 * @throws RangeError for a negative cost or standard error
 */
export function costPerPoint(cost: string, gain: number, se: number | null): CostPerPoint {
  const money = decimal(cost, 'cost')
  if (money.lt(0)) throw new RangeError(`cost must not be negative, got ${cost}`)
  if (!Number.isFinite(gain)) throw new RangeError(`gain must be a number of points, got ${gain}`)
  if (se === null) return none('no standard error: whether the gain is certain is not known')
  if (!(se >= 0 && Number.isFinite(se))) throw new RangeError(`se must be 0 or more, got ${se}`)
  const [least, most] = [gain - Z95 * se, gain + Z95 * se]
  if (!(least > 0)) return none(NO_CERTAIN_GAIN)
  const per = (points: number) => plain(money.div(points))
  return { perPoint: per(gain), low: per(most), high: per(least), reason: null }
}

const none = (reason: string): CostPerPoint => ({ perPoint: null, low: null, high: null, reason })
