/** Comparisons: runs, checkpoints and stages that people set side by side, under a link. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { ENTRY_KINDS } from '../../core/comparisons/entries.ts'
import { checkpoints } from './checkpoints.ts'
import { createdAt, id, instant, oneOf, workspaceId } from './columns.ts'
import { experiments } from './experiments.ts'
import { runs } from './runs.ts'
import { workspaces } from './workspaces.ts'

export const comparisons = pgTable(
  'comparisons',
  {
    id: id(),
    uid: uuid('uid').notNull().unique(),
    workspaceId: workspaceId().references(() => workspaces.id),
    title: text('title').notNull(),
    /** Grows with each change: of two who change at once the second hears of the first. */
    revision: integer('revision').notNull().default(1),
    /** The numbers as they stood when somebody froze it; null: it is live. */
    frozen: jsonb('frozen').$type<Record<string, unknown>>(),
    frozenAt: instant('frozen_at'),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    unique('comparisons_in_workspace').on(t.workspaceId, t.id),
    index('comparisons_newest').on(t.workspaceId, t.updatedAt),
    check('comparisons_frozen', sql`(${t.frozen} is null) = (${t.frozenAt} is null)`),
    check('comparisons_revision', sql`${t.revision} >= 1`),
  ],
)

/** One column each; what it names stays where it is, in whichever project of the workspace. */
export const comparisonEntries = pgTable(
  'comparison_entries',
  {
    id: id(),
    workspaceId: workspaceId(),
    comparisonId: bigint('comparison_id', { mode: 'number' }).notNull(),
    position: integer('position').notNull(),
    kind: text('kind', { enum: ENTRY_KINDS }).notNull(),
    experimentId: bigint('experiment_id', { mode: 'number' }),
    runId: bigint('run_id', { mode: 'number' }),
    checkpointId: bigint('checkpoint_id', { mode: 'number' }),
    isBaseline: boolean('is_baseline').notNull().default(false),
  },
  (t) => [
    unique('comparison_entries_position').on(t.comparisonId, t.position),
    index('comparison_entries_run').on(t.runId).where(sql`run_id is not null`),
    index('comparison_entries_checkpoint').on(t.checkpointId).where(sql`checkpoint_id is not null`),
    foreignKey({
      name: 'comparison_entries_comparison',
      columns: [t.workspaceId, t.comparisonId],
      foreignColumns: [comparisons.workspaceId, comparisons.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'comparison_entries_experiment',
      columns: [t.workspaceId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'comparison_entries_run_fk',
      columns: [t.workspaceId, t.runId],
      foreignColumns: [runs.workspaceId, runs.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'comparison_entries_checkpoint_fk',
      columns: [t.workspaceId, t.checkpointId],
      foreignColumns: [checkpoints.workspaceId, checkpoints.id],
    }).onDelete('cascade'),
    check('comparison_entries_kind', oneOf(t.kind, ENTRY_KINDS)),
    check(
      'comparison_entries_one',
      sql`(${t.kind} = 'stage') = (${t.experimentId} is not null) and (${t.kind} = 'run') = (${t.runId} is not null)
        and (${t.kind} = 'checkpoint') = (${t.checkpointId} is not null)`,
    ),
  ],
)
