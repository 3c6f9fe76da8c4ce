/** Energy, carbon, FLOPs and utilisation of a stage; what cannot be told is not available, with the reason. */
import * as z from 'zod'
import { Count } from './words.ts'

/** What the card of an external base says that it took; in no total of money. */
export const Embodied = z.object({
  device: z.string().nullable(),
  device_hours: z.number().nullable(),
  kwh: z.number().nullable(),
  kg_co2e: z.number().nullable(),
  tokens: Count.nullable(),
  source: z.string(),
})
export type Embodied = z.infer<typeof Embodied>

const NotAvailable = z.object({ state: z.literal('not_available'), reason: z.string() })

export const Energy = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('measured'),
    wh: z.number(),
    coverage: z.number(),
    at_least: z.boolean(),
    devices: z.number().int(),
  }),
  z.object({
    state: z.literal('estimated'),
    wh: z.number(),
    watts: z.number().meta({ description: 'of the data sheet, per device' }),
    reason: z.string(),
  }),
  NotAvailable,
])
export type Energy = z.infer<typeof Energy>

export const Carbon = z.discriminatedUnion('state', [
  z.object({ state: z.literal('reckoned'), kg_co2e: z.number(), kg_per_kwh: z.number(), source: z.string() }),
  NotAvailable,
])

export const StageFlops = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('reckoned'),
    flops: z.number(),
    per_token: z.number(),
    method: z.string(),
    estimate: z.literal(true),
  }),
  NotAvailable,
])

export const Mfu = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('measured'),
    pct: z.number(),
    peak_tflops: z.number(),
    precision: z.string(),
    alert: z.enum(['too_high', 'too_low']).nullable(),
  }),
  NotAvailable,
])
