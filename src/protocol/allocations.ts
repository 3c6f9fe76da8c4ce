/** Hardware that a run held, told from outside. */
import * as z from 'zod'
import { Word } from './money-words.ts'
import { Instant, Name } from './words.ts'

/** Hardware that a run held, told from outside after the fact. */
export const AllocationsInput = z
  .object({
    replace: z
      .boolean()
      .default(false)
      .meta({ description: 'in place of what was told of the run before; what an agent measured stays' }),
    allocations: z
      .array(
        z.object({
          attempt: z.number().int().min(1).default(1),
          device_kind: z.enum(['gpu', 'cpu']),
          device_name: Name,
          count: z.number().int().min(1).max(1_000_000),
          device_uuids: z.array(Word).max(100_000).default([]),
          provider: Word.nullish(),
          region: Word.nullish(),
          commitment: Word.nullish(),
          started_at: Instant,
          ended_at: Instant,
        }),
      )
      .min(1)
      .max(1000),
  })
  .meta({ id: 'AllocationsInput' })
export type AllocationsInput = z.infer<typeof AllocationsInput>
