/** What people decided about stages, with their reasons. */
import { sql } from 'drizzle-orm'
import { bigint, check, foreignKey, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { DECISIONS } from '../../core/decisions/decisions.ts'
import { createdAt, id, oneOf, workspaceId } from './columns.ts'
import { experiments } from './experiments.ts'

/** Append-only: each change of mind is a revision of its own, the highest is what holds. */
export const decisions = pgTable(
  'decisions',
  {
    id: id(),
    workspaceId: workspaceId(),
    experimentId: bigint('experiment_id', { mode: 'number' }).notNull(),
    /** 1 for the first. Two who write over the same revision cannot both be the next. */
    revision: integer('revision').notNull(),
    decision: text('decision', { enum: DECISIONS }).notNull(),
    /** Markdown. */
    reason: text('reason').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('decisions_revision').on(t.experimentId, t.revision),
    foreignKey({
      name: 'decisions_experiment',
      columns: [t.workspaceId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.id],
    }).onDelete('cascade'),
    check('decisions_decision', oneOf(t.decision, DECISIONS)),
    check('decisions_first', sql`${t.revision} >= 1`),
  ],
)
