/** Data sets with versions and splits. */
import { sql } from 'drizzle-orm'
import { bigint, check, foreignKey, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { count, createdAt, id, isSlug, workspaceId } from './columns.ts'
import { workspaces } from './workspaces.ts'

export const datasets = pgTable(
  'datasets',
  {
    id: id(),
    workspaceId: workspaceId(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    license: text('license'),
    nativeUnit: text('native_unit'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('datasets_slug').on(t.workspaceId, t.slug),
    unique('datasets_in_workspace').on(t.workspaceId, t.id),
    foreignKey({ name: 'datasets_workspace', columns: [t.workspaceId], foreignColumns: [workspaces.id] }),
    check('datasets_slug_form', isSlug(t.slug)),
  ],
)

export const datasetVersions = pgTable(
  'dataset_versions',
  {
    id: id(),
    workspaceId: workspaceId(),
    datasetId: bigint('dataset_id', { mode: 'number' }).notNull(),
    version: text('version').notNull(),
    sha256: text('sha256'),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
    createdAt: createdAt(),
  },
  (t) => [
    unique('dataset_versions_version').on(t.datasetId, t.version),
    unique('dataset_versions_in_workspace').on(t.workspaceId, t.id),
    foreignKey({
      name: 'dataset_versions_dataset',
      columns: [t.workspaceId, t.datasetId],
      foreignColumns: [datasets.workspaceId, datasets.id],
    }).onDelete('cascade'),
  ],
)

export const datasetSplits = pgTable(
  'dataset_splits',
  {
    workspaceId: workspaceId(),
    datasetVersionId: bigint('dataset_version_id', { mode: 'number' }).notNull(),
    name: text('name').notNull(),
    nativeCount: count('native_count'),
    tokens: count('tokens'),
    sha256: text('sha256'),
  },
  (t) => [
    primaryKey({ columns: [t.datasetVersionId, t.name] }),
    foreignKey({
      name: 'dataset_splits_version',
      columns: [t.workspaceId, t.datasetVersionId],
      foreignColumns: [datasetVersions.workspaceId, datasetVersions.id],
    }).onDelete('cascade'),
    check('dataset_splits_counts', sql`${t.nativeCount} >= 0 and ${t.tokens} >= 0`),
  ],
)
