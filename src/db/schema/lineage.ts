/** Edges of the lineage: child experiment ← parent experiment, and the checkpoint that it starts from once that exists. */
import { sql } from 'drizzle-orm'
import { bigint, boolean, check, foreignKey, index, numeric, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { EDGE_KINDS } from '../../core/lineage/edge-kinds.ts'
import { checkpoints } from './checkpoints.ts'
import { createdAt, id, instant, oneOf, workspaceId } from './columns.ts'
import { experiments } from './experiments.ts'

/** Append-only with a superseding row; a trigger refuses cycles inside the transaction that adds the edge. */
export const edges = pgTable(
  'edges',
  {
    id: id(),
    workspaceId: workspaceId(),
    childId: bigint('child_id', { mode: 'number' }).notNull(),
    parentId: bigint('parent_id', { mode: 'number' }).notNull(),
    /** Null while the parent's checkpoint is only planned. */
    checkpointId: bigint('checkpoint_id', { mode: 'number' }),
    kind: text('kind', { enum: EDGE_KINDS }).notNull(),
    /** Share of this input in a merge. */
    weight: numeric('weight', { precision: 9, scale: 6 }),
    note: text('note').notNull().default(''),
    inferred: boolean('inferred').notNull().default(false),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    supersededAt: instant('superseded_at'),
  },
  (t) => [
    uniqueIndex('edges_live').on(t.childId, t.parentId, t.kind).where(sql`superseded_at is null`),
    index('edges_parent').on(t.parentId),
    foreignKey({
      name: 'edges_child',
      columns: [t.workspaceId, t.childId],
      foreignColumns: [experiments.workspaceId, experiments.id],
    }),
    foreignKey({
      name: 'edges_parent_fk',
      columns: [t.workspaceId, t.parentId],
      foreignColumns: [experiments.workspaceId, experiments.id],
    }),
    foreignKey({
      name: 'edges_checkpoint',
      columns: [t.workspaceId, t.checkpointId],
      foreignColumns: [checkpoints.workspaceId, checkpoints.id],
    }),
    check('edges_kind', oneOf(t.kind, EDGE_KINDS)),
    check('edges_not_self', sql`${t.childId} <> ${t.parentId}`),
    check('edges_weight', sql`${t.weight} is null or (${t.kind} = 'merge' and ${t.weight} between -10 and 10)`),
  ],
)
