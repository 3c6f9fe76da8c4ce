/** Totals that were reckoned once and are kept with the prices used. */
import * as z from 'zod'
import { CostTotal } from './cost-parts.ts'
import { ExperimentRef } from './experiments.ts'
import { BookName, Currency } from './money-words.ts'
import { PriceUse } from './prices.ts'
import { ExperimentName, Instant, Slug, Uid } from './words.ts'

/** A total as it was reckoned once; a later price leaves it as it was. */
export const PricedRecord = z
  .object({
    id: Uid,
    of: z.enum(['run', 'stage', 'lineage', 'project']),
    run: z.number().int().nullable(),
    experiment: ExperimentRef.nullable(),
    book: Slug,
    as_of: Instant,
    total: CostTotal,
    sources: z.array(PriceUse),
    created_by: z.string(),
    created_at: Instant,
  })
  .meta({ id: 'PricedRecord' })
export type PricedRecord = z.infer<typeof PricedRecord>

export const RepriceInput = z
  .object({
    of: z.enum(['run', 'stage', 'lineage', 'project']),
    run: z.number().int().min(1).optional(),
    experiment: ExperimentName.optional(),
    book: BookName,
    as_of: Instant.optional(),
    currency: Currency.optional(),
  })
  .meta({ id: 'RepriceInput' })
export type RepriceInput = z.infer<typeof RepriceInput>
