/** Checkpoints: saved weights with their files, and the metric values at their step. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { count, createdAt, id, instant, workspaceId } from './columns.ts'
import { experiments } from './experiments.ts'
import { runs } from './runs.ts'

export const checkpoints = pgTable(
  'checkpoints',
  {
    id: id(),
    uid: uuid('uid').notNull().unique(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    experimentId: bigint('experiment_id', { mode: 'number' }).notNull(),
    /** Null for the one checkpoint of an external base or API model. */
    runId: bigint('run_id', { mode: 'number' }),
    attempt: integer('attempt'),
    step: count('step').notNull().default(0),
    tokens: count('tokens'),
    /** Where the weights are when they are not stored here: name@revision, a path, an address. */
    location: text('location'),
    /** SHA-256 over the sorted (name, sha256, size) of its files. */
    sha256: text('sha256'),
    sizeBytes: count('size_bytes').notNull().default(0),
    metadata: jsonb('metadata').$type<Record<string, unknown>>().notNull().default({}),
    createdAt: createdAt(),
    deletedAt: instant('deleted_at'),
  },
  (t) => [
    unique('checkpoints_in_workspace').on(t.workspaceId, t.id),
    uniqueIndex('checkpoints_step')
      .on(t.runId, t.attempt, t.step)
      .where(sql`deleted_at is null and run_id is not null`),
    index('checkpoints_experiment').on(t.experimentId),
    index('checkpoints_run_id').on(t.runId),
    index('checkpoints_sha256').on(t.workspaceId, t.sha256),
    foreignKey({
      name: 'checkpoints_experiment_fk',
      columns: [t.workspaceId, t.projectId, t.experimentId],
      foreignColumns: [experiments.workspaceId, experiments.projectId, experiments.id],
    }),
    foreignKey({
      name: 'checkpoints_run',
      columns: [t.workspaceId, t.projectId, t.runId],
      foreignColumns: [runs.workspaceId, runs.projectId, runs.id],
    }),
    check(
      'checkpoints_counts',
      sql`${t.step} >= 0 and (${t.tokens} is null or (${t.tokens} >= 0 and ${t.tokens} < 9007199254740992))`,
    ),
    check(
      'checkpoints_origin',
      sql`(${t.runId} is null) = (${t.attempt} is null) and (${t.runId} is not null or ${t.location} is not null)`,
    ),
  ],
)

export const checkpointFiles = pgTable(
  'checkpoint_files',
  {
    workspaceId: workspaceId(),
    checkpointId: bigint('checkpoint_id', { mode: 'number' }).notNull(),
    name: text('name').notNull(),
    sha256: text('sha256').notNull(),
    sizeBytes: count('size_bytes').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.checkpointId, t.name] }),
    index('checkpoint_files_sha256').on(t.sha256),
    foreignKey({
      name: 'checkpoint_files_checkpoint',
      columns: [t.workspaceId, t.checkpointId],
      foreignColumns: [checkpoints.workspaceId, checkpoints.id],
    }).onDelete('cascade'),
  ],
)

/** Metric values at the checkpoint's step, written at commit and once more when the run's program says that it ends. */
export const checkpointMetrics = pgTable(
  'checkpoint_metrics',
  {
    checkpointId: bigint('checkpoint_id', { mode: 'number' })
      .notNull()
      .references(() => checkpoints.id, { onDelete: 'cascade' }),
    metricId: integer('metric_id').notNull(),
    value: doublePrecision('value'),
  },
  (t) => [primaryKey({ columns: [t.checkpointId, t.metricId] })],
)
