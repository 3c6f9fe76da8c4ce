/** What work costs: dated prices and rates, cost that no device-hour tells, and totals as they were reckoned once. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { ENTRY_KINDS } from '../../core/cost/cost-entries.ts'
import { createdAt, id, instant, isSlug, oneOf, workspaceId } from './columns.ts'
import { experiments } from './experiments.ts'
import { projects } from './projects.ts'
import { runs } from './runs.ts'
import { workspaces } from './workspaces.ts'

const isCurrencyCode = (column: Parameters<typeof oneOf>[0]) => sql`${column} ~ '^[A-Z]{3}$'`

/** Prices of device-hours, overrides of the built-in ones. A trigger refuses every update: a new price is a new row. */
export const prices = pgTable(
  'prices',
  {
    id: id(),
    uid: uuid('uid').notNull().unique(),
    workspaceId: workspaceId().references(() => workspaces.id),
    book: text('book').notNull(),
    device: text('device').notNull(),
    provider: text('provider'),
    region: text('region'),
    commitment: text('commitment'),
    currency: text('currency').notNull(),
    low: numeric('low'),
    typical: numeric('typical'),
    high: numeric('high'),
    paid: numeric('paid'),
    assumed: boolean('assumed').notNull(),
    source: text('source').notNull(),
    pricedOn: date('priced_on'),
    validFrom: date('valid_from'),
    /** The first day on which it no longer holds. */
    validTo: date('valid_to'),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('prices_book').on(t.workspaceId, t.book),
    check('prices_book_form', isSlug(t.book)),
    check('prices_currency', isCurrencyCode(t.currency)),
    check('prices_given', sql`${t.typical} is not null or ${t.paid} is not null`),
    check('prices_amounts', sql`${t.low} >= 0 and ${t.typical} >= 0 and ${t.high} >= 0 and ${t.paid} >= 0`),
    check('prices_validity', sql`${t.validTo} > ${t.validFrom}`),
  ],
)

/** One unit of `from_currency` is worth `rate` of `to_currency` from a day on. A trigger refuses every update. */
export const currencyRates = pgTable(
  'currency_rates',
  {
    id: id(),
    uid: uuid('uid').notNull().unique(),
    workspaceId: workspaceId().references(() => workspaces.id),
    book: text('book').notNull(),
    fromCurrency: text('from_currency').notNull(),
    toCurrency: text('to_currency').notNull(),
    rate: numeric('rate').notNull(),
    onDay: date('on_day').notNull(),
    source: text('source').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('currency_rates_book').on(t.workspaceId, t.book),
    check('currency_rates_book_form', isSlug(t.book)),
    check('currency_rates_pair', sql`${t.fromCurrency} ~ '^[A-Z]{3}$' and ${t.toCurrency} ~ '^[A-Z]{3}$'`),
    check('currency_rates_differ', sql`${t.fromCurrency} <> ${t.toCurrency} and ${t.rate} > 0`),
  ],
)

/** API tokens, labels, storage, traffic, people: on a stage or a run. Append-only with a superseding row. */
export const costEntries = pgTable(
  'cost_entries',
  {
    id: id(),
    uid: uuid('uid').notNull().unique(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    experimentId: bigint('experiment_id', { mode: 'number' }).notNull(),
    /** Null: of the stage as a whole. */
    runId: bigint('run_id', { mode: 'number' }),
    kind: text('kind', { enum: ENTRY_KINDS }).notNull(),
    quantity: numeric('quantity'),
    unit: text('unit'),
    perUnit: numeric('per_unit'),
    amount: numeric('amount').notNull(),
    currency: text('currency').notNull(),
    onDay: date('on_day').notNull(),
    assumed: boolean('assumed').notNull(),
    note: text('note').notNull().default(''),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    supersededBy: bigint('superseded_by', { mode: 'number' }),
  },
  (t) => [
    unique('cost_entries_in_workspace').on(t.workspaceId, t.id),
    index('cost_entries_experiment').on(t.experimentId),
    index('cost_entries_run_id').on(t.runId).where(sql`run_id is not null`),
    foreignKey({
      name: 'cost_entries_experiment_fk',
      columns: [t.workspaceId, t.projectId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.projectId, experiments.id],
    }),
    foreignKey({
      name: 'cost_entries_run',
      columns: [t.workspaceId, t.projectId, t.runId],
      foreignColumns: [runs.workspaceId, runs.projectId, runs.id],
    }),
    foreignKey({
      name: 'cost_entries_successor',
      columns: [t.workspaceId, t.supersededBy],
      foreignColumns: [t.workspaceId, t.id],
    }),
    check('cost_entries_kind', oneOf(t.kind, ENTRY_KINDS)),
    check('cost_entries_currency', isCurrencyCode(t.currency)),
    check('cost_entries_amounts', sql`${t.amount} >= 0 and ${t.quantity} >= 0 and ${t.perUnit} >= 0`),
  ],
)

/** Totals as they were reckoned with a book at a time. A trigger refuses every update: a re-price is a new row. */
export const pricedRecords = pgTable(
  'priced_records',
  {
    id: id(),
    uid: uuid('uid').notNull().unique(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    subject: text('subject', { enum: ['run', 'stage', 'lineage', 'project'] }).notNull(),
    /** Number of the run, for a run. */
    run: integer('run'),
    experimentId: bigint('experiment_id', { mode: 'number' }),
    book: text('book').notNull(),
    asOf: instant('as_of').notNull(),
    total: jsonb('total').notNull(),
    sources: jsonb('sources').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index('priced_records_project').on(t.projectId),
    foreignKey({
      name: 'priced_records_project_fk',
      columns: [t.workspaceId, t.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    foreignKey({
      name: 'priced_records_experiment',
      columns: [t.workspaceId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.id],
    }),
    check('priced_records_subject', sql`${t.subject} in ('run', 'stage', 'lineage', 'project')`),
    check(
      'priced_records_named',
      sql`(${t.subject} = 'run') = (${t.run} is not null) and (${t.subject} = 'project') = (${t.experimentId} is null)`,
    ),
  ],
)
