/** Published tables and model cards on the wire. */
import * as z from 'zod'
import { TITLE_MAX } from '../core/publish/frozen.ts'
import { DECIMALS_MAX, PUBLISHED_TABLES } from '../core/publish/table-names.ts'
import { ExperimentRef } from './experiments.ts'
import { ExperimentName, Instant, Slug, Uid } from './words.ts'

const Flag = z.union([z.boolean(), z.stringbool()])

export const PublishQuery = z.object({
  table: z.enum(PUBLISHED_TABLES).default('benchmarks'),
  model: ExperimentName.optional().meta({
    description: 'the last stage of the model, by number or slug; the end of the longest path when absent',
  }),
  decimals: z.coerce
    .number()
    .int()
    .min(0)
    .max(DECIMALS_MAX)
    .default(1)
    .meta({ description: 'of shares, which are printed in points; losses get two more' }),
  intervals: Flag.default(false).meta({ description: 'print ± half of the 95 % interval beside each score' }),
  lost: Flag.default(true).meta({ description: 'a column with what was lost at the last stage' }),
  change: Flag.default(false).meta({ description: 'a column with the change from the first stage to the last' }),
  turned: Flag.default(false).meta({ description: 'rows as columns' }),
  groups: z
    .string()
    .max(8000)
    .optional()
    .meta({ description: 'own groups, "facts: mmlu, popqa; sums: gsm8k"; by category when absent' }),
})
export type PublishQuery = z.infer<typeof PublishQuery>

export const PUBLISHED_FORMS = ['json', 'markdown', 'latex', 'csv', 'tsv'] as const
export const PublishFormQuery = PublishQuery.extend({ format: z.enum(PUBLISHED_FORMS).default('json') })

const Cell = z.object({
  text: z.string(),
  href: z.string().optional(),
  strong: z.literal(true).optional(),
})

export const PublishedTable = z
  .object({
    title: z.string(),
    table: z.object({
      columns: z.array(z.object({ name: z.string(), align: z.enum(['left', 'right']) })),
      rows: z.array(z.array(Cell)),
    }),
    foot_rows: z.number().int().meta({ description: 'so many of the last rows are means and worst cells' }),
    notes: z.array(z.string()),
    /** Its answer in one sentence; null where it has none. */
    sentence: z.string().nullable(),
    /** The end of the model that is shown; null for a project without stages. */
    model: ExperimentRef.nullable(),
    /** Every stage that may be chosen as the end of a model: those nothing follows first. */
    models: z.array(ExperimentRef.extend({ is_leaf: z.boolean() })),
    /** Slugs and names of the benchmarks in it, for groups of one's own. */
    benchmarks: z.array(z.object({ slug: Slug, name: z.string(), category: z.string() })),
    /** Why there are no rows, and what would fill them; null where there are some. */
    empty: z.string().nullable(),
  })
  .meta({ id: 'PublishedTable' })
export type PublishedTable = z.infer<typeof PublishedTable>

export const CardQuery = PublishQuery.pick({ model: true, decimals: true })
export const CardFormQuery = CardQuery.extend({ format: z.enum(['json', 'markdown']).default('json') })

export const ModelCard = z
  .object({
    model: ExperimentRef,
    front_matter: z.string().meta({ description: 'YAML between two lines of ---' }),
    /** Why it names no base; null where it does, or where the weights began at random. */
    base_note: z.string().nullable(),
    markdown: z.string().meta({ description: 'the whole card: front matter and sections' }),
  })
  .meta({ id: 'ModelCard' })
export type ModelCard = z.infer<typeof ModelCard>

export const FreezeInput = PublishQuery.extend({
  title: z.string().trim().min(1).max(TITLE_MAX).optional().meta({ description: 'that of the table when absent' }),
}).meta({ id: 'FreezeInput' })
export type FreezeInput = z.infer<typeof FreezeInput>

export const FrozenFormQuery = z.object({ format: z.enum(PUBLISHED_FORMS).default('json') })

export const FrozenSummary = z
  .object({
    id: Uid,
    title: z.string(),
    /** Which table was frozen: the live one is made from the same choice. */
    choice: z.object({
      table: z.enum(PUBLISHED_TABLES),
      model: z.number().int().nullable(),
      decimals: z.number().int(),
      intervals: z.boolean(),
      lost: z.boolean(),
      change: z.boolean(),
      turned: z.boolean(),
      groups: z.string().nullable(),
    }),
    by: z.string(),
    at: Instant,
    /** Whoever asks may take it away. */
    may_delete: z.boolean(),
  })
  .meta({ id: 'FrozenSummary' })
export type FrozenSummary = z.infer<typeof FrozenSummary>

/** A table as it stood on its day. */
export const FrozenTable = FrozenSummary.extend({
  document: PublishedTable.pick({ title: true, table: true, foot_rows: true, notes: true, sentence: true }),
  now: z.object({
    differences: z
      .array(
        z.union([
          z.object({
            kind: z.literal('cell'),
            row: z.string(),
            column: z.string(),
            pasted: z.string(),
            here: z.string(),
          }),
          z.object({ kind: z.enum(['only_pasted', 'only_here']), what: z.enum(['row', 'column']), name: z.string() }),
        ]),
      )
      .meta({ description: '`pasted` is what was frozen, `here` what the live table says' }),
    total: z.number().int(),
    gone: z.string().nullable().meta({ description: 'why there is no live table of this choice any more' }),
  }),
}).meta({ id: 'FrozenTable' })
export type FrozenTable = z.infer<typeof FrozenTable>
