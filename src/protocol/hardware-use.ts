/** How a run used the hardware that it held, over time. */
import * as z from 'zod'
import { SEGMENT_KINDS } from '../core/cost/work.ts'
import { CostHours, CostPiece, CostTotal } from './cost-parts.ts'
import { Energy, Mfu } from './cost-physics.ts'
import { Instant } from './words.ts'

export const USE_QUANTITIES = ['utilisation', 'power', 'speed', 'mfu'] as const
export type UseQuantity = (typeof USE_QUANTITIES)[number]

export const HardwareUseQuery = z.object({
  from: Instant.optional().meta({ description: 'the totals are of what was held from then on' }),
  to: Instant.optional(),
  px: z.coerce.number().int().min(50).max(2000).default(600).meta({ description: 'points a line has at most' }),
})
export type HardwareUseQuery = z.infer<typeof HardwareUseQuery>

/** `t` in ms since 1970; null: nothing was sampled there. */
export const UseLine = z.object({
  quantity: z.enum(USE_QUANTITIES),
  device: z.string().nullable().meta({ description: 'machine and device, such as gpu-7/gpu.0; null: of the run' }),
  unit: z.enum(['%', 'W', 'tokens/s']),
  t: z.array(z.number()),
  values: z.array(z.number().nullable()),
})
export type UseLine = z.infer<typeof UseLine>

export const HardwareUse = z
  .object({
    run: z.number().int(),
    /** From the first held moment to the last; null: it told no hardware. */
    held: z.object({ from: Instant, to: Instant }).nullable(),
    /** What the devices were held for, by time; between two nothing was held. */
    pieces: z.array(CostPiece),
    lines: z.array(UseLine),
    mfu: Mfu.meta({ description: 'of the whole run; when it is not available, why' }),
    /** Of the asked part of the time. */
    part: z
      .object({
        from: Instant,
        to: Instant,
        hours: z.array(CostHours),
        kinds: z.array(z.object({ kind: z.enum(SEGMENT_KINDS), device_hours: z.number() })),
        total: CostTotal,
        energy: Energy,
      })
      .nullable(),
  })
  .meta({ id: 'HardwareUse' })
export type HardwareUse = z.infer<typeof HardwareUse>
