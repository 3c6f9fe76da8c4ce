/** Artifacts of runs, the blobs behind them (addressed by SHA-256) and unfinished uploads. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { count, createdAt, id, instant, workspaceId } from './columns.ts'
import { runs } from './runs.ts'

/** What the blob store holds. Written after the file has been hashed, synced and renamed. */
export const blobs = pgTable(
  'blobs',
  {
    workspaceId: workspaceId(),
    sha256: text('sha256').notNull(),
    sizeBytes: count('size_bytes').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.sha256] }),
    check('blobs_sha256', sql`${t.sha256} ~ '^[0-9a-f]{64}$'`),
  ],
)

export const artifacts = pgTable(
  'artifacts',
  {
    id: id(),
    uid: uuid('uid').notNull().unique(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    sha256: text('sha256').notNull(),
    sizeBytes: count('size_bytes').notNull(),
    /** Media that log() took: the metric-like key and step. */
    key: text('key'),
    step: count('step'),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    deletedAt: instant('deleted_at'),
  },
  (t) => [
    uniqueIndex('artifacts_content').on(t.runId, t.name, t.sha256).where(sql`deleted_at is null`),
    index('artifacts_sha256').on(t.workspaceId, t.sha256),
    index('artifacts_run_id').on(t.runId),
    foreignKey({
      name: 'artifacts_run',
      columns: [t.workspaceId, t.projectId, t.runId],
      foreignColumns: [runs.workspaceId, runs.projectId, runs.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'artifacts_blob',
      columns: [t.workspaceId, t.sha256],
      foreignColumns: [blobs.workspaceId, blobs.sha256],
    }),
  ],
)

/** An upload under way; its parts lie in the store's staging folder. Swept after 24 h. */
export const uploads = pgTable(
  'uploads',
  {
    id: id(),
    uid: uuid('uid').notNull().unique(),
    workspaceId: workspaceId(),
    projectId: integer('project_id').notNull(),
    runId: bigint('run_id', { mode: 'number' }).notNull(),
    artifactUid: uuid('artifact_uid').notNull(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    sha256: text('sha256').notNull(),
    sizeBytes: count('size_bytes').notNull(),
    partSize: count('part_size').notNull(),
    key: text('key'),
    step: count('step'),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    completedAt: instant('completed_at'),
  },
  (t) => [
    index('uploads_age').on(t.createdAt),
    index('uploads_run_id').on(t.runId),
    foreignKey({
      name: 'uploads_run',
      columns: [t.workspaceId, t.projectId, t.runId],
      foreignColumns: [runs.workspaceId, runs.projectId, runs.id],
    }).onDelete('cascade'),
  ],
)

export const uploadParts = pgTable(
  'upload_parts',
  {
    uploadId: bigint('upload_id', { mode: 'number' })
      .notNull()
      .references(() => uploads.id, { onDelete: 'cascade' }),
    n: integer('n').notNull(),
    sizeBytes: count('size_bytes').notNull(),
    sha256: text('sha256').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.uploadId, t.n] }), check('upload_parts_n', sql`${t.n} >= 1`)],
)
