/** Costs that no device-hour tells, entered by hand. */
import * as z from 'zod'
import { ENTRY_KINDS } from '../core/cost/cost-entries.ts'
import { ExperimentRef } from './experiments.ts'
import { Currency, Day, DecimalText, Word } from './money-words.ts'
import { Instant, Uid } from './words.ts'

export const CostEntryInput = z
  .object({
    kind: z.enum(ENTRY_KINDS),
    run: z.number().int().min(1).optional().meta({ description: 'number of the run; else it is the stage’s' }),
    quantity: DecimalText.nullish(),
    unit: Word.nullish(),
    per_unit: DecimalText.nullish(),
    amount: DecimalText.nullish(),
    currency: Currency,
    on: Day,
    assumed: z.boolean().default(false),
    note: z.string().max(2000).default(''),
    supersedes: Uid.optional().meta({ description: 'the entry that this one corrects; it stays readable' }),
  })
  .meta({ id: 'CostEntryInput' })
export type CostEntryInput = z.infer<typeof CostEntryInput>

export const CostEntryView = z
  .object({
    id: Uid,
    kind: z.enum(ENTRY_KINDS),
    experiment: ExperimentRef,
    run: z.number().int().nullable(),
    quantity: z.string().nullable(),
    unit: z.string().nullable(),
    per_unit: z.string().nullable(),
    amount: z.string(),
    currency: Currency,
    on: Day,
    assumed: z.boolean(),
    note: z.string(),
    superseded_by: Uid.nullable(),
    created_by: z.string(),
    created_at: Instant,
  })
  .meta({ id: 'CostEntry' })
export type CostEntryView = z.infer<typeof CostEntryView>
