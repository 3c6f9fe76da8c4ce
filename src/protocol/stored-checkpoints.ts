/** What the checkpoints of a project take, stage by stage. */
import * as z from 'zod'
import { ExperimentRef } from './experiments.ts'
import { Currency } from './money-words.ts'
import { Count } from './words.ts'

/** What the files of a stage hold. */
export const STORED_KINDS = ['weights', 'adapter', 'merged', 'outside'] as const

export const StoredCheckpoints = z
  .object({
    stages: z.array(
      z.object({
        experiment: ExperimentRef,
        /** `adapter`: adapters alone; `merged`: adapters folded into a copy of the base; `outside`: lies where it came from. */
        kind: z.enum(STORED_KINDS),
        checkpoints: Count,
        bytes: z.number(),
        bytes_here: z
          .number()
          .meta({ description: 'kept by this instance; a file that checkpoints share counts once' }),
        bytes_shared: z
          .number()
          .meta({ description: 'of files that an earlier stage keeps as well; they count there, and not here' }),
        largest: z.number(),
        unsized: Count.meta({ description: 'checkpoints whose size nobody told' }),
      }),
    ),
    /** Of the newest entry of storage by the GB-month; null: none was recorded, so the price is not known. */
    price: z.object({ per_gb_month: z.string(), currency: Currency, on: z.string(), note: z.string() }).nullable(),
  })
  .meta({ id: 'StoredCheckpoints' })
export type StoredCheckpoints = z.infer<typeof StoredCheckpoints>
