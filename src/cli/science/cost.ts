import { z } from 'zod'
import { breakEvenTokens } from '../../core/cost/amortisation.ts'
import { costPerPoint } from '../../core/cost/cost-per-point.ts'
import { checkpointInterval, meanHoursBetween, pipelineBubble } from '../../core/cost/interruptions.ts'
import { type CostEdge, lineageCost } from '../../core/cost/lineage-cost.ts'
import { decimal } from '../../core/cost/money.ts'
import { moneyOfHours, moneyOfTime, sumMoney } from '../../core/cost/segments.ts'
import { type Tally, tallyOf } from '../../core/cost/tally.ts'
import { count, type Family, notNegative, operation, positive } from './family.ts'

const S_PER_HOUR = 3600
const MS_PER_S = 1000

const parentsOf = z.record(z.string(), z.array(z.string())).default({})

/** Money, lineages and interruptions. Numbers of the input are USD; the rules take them as decimals. */
export const cost: Family = {
  phases: operation(
    z.object({ gpu_hours: z.record(z.string(), notNegative), price_per_gpu_hour: notNegative }),
    ({ gpu_hours, price_per_gpu_hour }) => {
      const phases = Object.entries(gpu_hours)
      const usd = phases.map(([name, hours]) => [name, moneyOfHours(hours, text(price_per_gpu_hour))] as const)
      return {
        usd: Object.fromEntries(usd.map(([name, money]) => [name, Number(money)])),
        total_gpu_hours: phases.reduce((sum, [, hours]) => sum + hours, 0),
        total_usd: Number(sumMoney(usd.map(([, money]) => money))),
      }
    },
  ),
  segments: operation(
    z.object({
      segments: z.array(
        z
          .object({ gpus: notNegative, start_s: z.number(), end_s: z.number(), price_per_gpu_hour: notNegative })
          .refine(({ start_s, end_s }) => end_s >= start_s, 'end_s must not be before start_s'),
      ),
      extra_usd: z.record(z.string(), notNegative).default({}),
    }),
    ({ segments, extra_usd }) => {
      const compute = sumMoney(segments.map((s) => hourly(s.gpus, s.end_s - s.start_s, s.price_per_gpu_hour)))
      return {
        gpu_hours: segments.reduce((sum, s) => sum + (s.gpus * (s.end_s - s.start_s)) / S_PER_HOUR, 0),
        compute_usd: Number(compute),
        total_usd: Number(sumMoney([compute, ...Object.values(extra_usd).map(text)])),
      }
    },
  ),
  lineage: operation(
    z.object({
      nodes: z.record(z.string(), notNegative),
      weight: parentsOf,
      dependency: parentsOf,
      leaves: z.array(z.string()),
    }),
    ({ nodes, weight, dependency, leaves }) => {
      const edges = (parents: typeof weight, kind: CostEdge<string>['kind']) =>
        Object.entries(parents).flatMap(([child, list]) => list.map((parent) => ({ child, parent, kind })))
      const found = lineageCost(
        new Map(Object.entries(nodes).map(([node, usd]) => [node, tallyOf({ amount: text(usd), currency: 'USD' })])),
        [...edges(weight, 'init'), ...edges(dependency, 'reward_model')],
        leaves,
      )
      const view = (costs: ReadonlyMap<string, Tally>) =>
        Object.fromEntries([...costs].map(([leaf, tally]) => [leaf, usdOf(tally)]))
      return {
        full: view(found.full),
        naive_sum: usdOf(found.naiveSum),
        union: usdOf(found.union),
        marginal: view(found.marginal),
        allocated: view(found.allocated),
      }
    },
  ),
  break_even: operation(
    z.object({ fixed_usd: notNegative, old_usd_per_mtok: notNegative, new_usd_per_mtok: notNegative }),
    ({ fixed_usd, old_usd_per_mtok, new_usd_per_mtok }) => ({
      tokens: breakEvenTokens({
        fixed: text(fixed_usd),
        oldPerMtok: text(old_usd_per_mtok),
        newPerMtok: text(new_usd_per_mtok),
      }),
    }),
  ),
  cost_per_point: operation(
    z.object({ delta_cost: notNegative, gain: z.number(), se: notNegative }),
    ({ delta_cost, gain, se }) => {
      const { perPoint, low, high, reason } = costPerPoint(text(delta_cost), gain, se)
      return { usd_per_point: numberOf(perPoint), lo: numberOf(low), hi: numberOf(high), reason }
    },
  ),
  checkpoint_interval: operation(z.object({ delta_min: positive, mtbf_h: positive }), ({ delta_min, mtbf_h }) => {
    const { tauMin, overhead } = checkpointInterval(delta_min, mtbf_h)
    return { tau_min: tauMin, overhead }
  }),
  mtbf: operation(
    z
      .object({ days: positive, events: count, unexpected: count })
      .refine(({ events, unexpected }) => unexpected <= events, 'unexpected must not exceed events'),
    ({ days, events, unexpected }) => ({
      mtbf_h: meanHoursBetween(days, events),
      mtbf_unexpected_h: meanHoursBetween(days, unexpected),
    }),
  ),
  pipeline_bubble: operation(z.object({ pp: z.int().min(1), micro_batches: z.int().min(1) }), (input) => ({
    bubble: pipelineBubble(input.pp, input.micro_batches),
  })),
}

const text = (value: number): string => decimal(value).toFixed()

const hourly = (devices: number, seconds: number, perHour: number): string =>
  moneyOfTime(devices, seconds * MS_PER_S, text(perHour))

const usdOf = (tally: Tally): number => Number(tally.amounts[0]?.amount ?? 0)

const numberOf = (value: string | null): number | null => (value === null ? null : Number(value))
