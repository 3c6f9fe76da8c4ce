/** What costs are put together from: sums by currency with what they lack, device-hours, segments, held stretches. */
import * as z from 'zod'
import { SEGMENT_KINDS } from '../core/cost/work.ts'
import { Currency, Day } from './money-words.ts'
import { Instant, Slug } from './words.ts'

/** A sum of money in one currency, with its span over low and high prices. */
export const CostAmount = z.object({ currency: Currency, amount: z.string(), low: z.string(), high: z.string() })

export const CostLack = z.object({
  why: z.enum(['no_price', 'no_hardware', 'no_rate', 'not_published']),
  run: z.object({ project: Slug, number: z.number().int() }).nullable(),
  what: z.string().meta({ description: 'the device without a price, or the currencies without a rate' }),
  on: Day.nullable(),
})

/** Money by currency and what it lacks; no amounts and no lacks: nothing was spent. */
export const CostTotal = z
  .object({
    amounts: z.array(CostAmount),
    lacks: z.array(CostLack),
    runs_lacking: z.number().int(),
    assumed: z.boolean().meta({ description: 'some of it comes from an assumed price' }),
  })
  .meta({ id: 'CostTotal' })
export type CostTotal = z.infer<typeof CostTotal>

/** Device-hours of one kind: allocated, and of these used, as far as utilisation was sampled. */
export const CostHours = z.object({
  device_kind: z.enum(['gpu', 'cpu']),
  device: z.string().meta({ description: 'the name in the price book' }),
  allocated: z.number(),
  used: z.number().nullable(),
  coverage: z.number().nullable().meta({ description: 'share of the allocated time with samples of utilisation' }),
})
export type CostHours = z.infer<typeof CostHours>

export const CostSegment = z.object({
  kind: z.enum(SEGMENT_KINDS),
  total: CostTotal,
  hours: z.array(CostHours),
  runs: z.array(z.number().int()).meta({ description: 'numbers of runs, ascending' }),
  attempts: z.number().int(),
})
export type CostSegment = z.infer<typeof CostSegment>

/** One stretch of held hardware under one price: Σ hours × price is the money of compute. */
export const CostPiece = z.object({
  experiment: z.number().int(),
  project: Slug,
  run: z.number().int(),
  attempt: z.number().int(),
  kind: z.enum(SEGMENT_KINDS),
  device: z.string(),
  count: z.number().int(),
  from: Instant,
  to: Instant,
  device_hours: z.number(),
  per_hour: z.string().nullable(),
  currency: Currency.nullable(),
  amount: z.string().nullable(),
})
export type CostPiece = z.infer<typeof CostPiece>
