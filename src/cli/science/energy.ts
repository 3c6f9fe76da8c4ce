import { z } from 'zod'
import { co2Kg, energyOf, facilityKwh, impliedIntensity, KG_PER_KWH_MAX } from '../../core/cost/energy.ts'
import { type Family, notNegative, operation, positive } from './family.ts'

/** Energy of sampled power and its CO₂. */
export const energy: Family = {
  trapezoid: operation(
    z.object({ period_s: positive, t_s: z.array(z.number()), w: z.array(notNegative) }),
    ({ period_s, t_s, w }) => {
      const { joule, wh, coverage, atLeast } = energyOf(t_s, w, period_s)
      return { joule, wh, coverage, at_least: atLeast }
    },
  ),
  co2: operation(
    z.object({
      gpu_hours: notNegative,
      watts: notNegative,
      pue: z.number().min(1).default(1),
      kg_per_kwh: notNegative.max(KG_PER_KWH_MAX),
    }),
    ({ gpu_hours, watts, pue, kg_per_kwh }) => {
      const kwh = facilityKwh(gpu_hours, watts, pue)
      return { kwh, kg: co2Kg(kwh, kg_per_kwh) }
    },
  ),
  implied_intensity: operation(
    z.object({ gpu_hours: notNegative, watts: notNegative, kg: notNegative }),
    ({ gpu_hours, watts, kg }) => ({ kg_per_kwh: impliedIntensity(gpu_hours, watts, kg) }),
  ),
}
