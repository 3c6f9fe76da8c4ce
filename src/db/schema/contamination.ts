/** Hashes of training rows and of evaluation items, never their texts: what a model may have seen before it was asked. */
import { bigint, foreignKey, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, workspaceId } from './columns.ts'
import { datasetVersions } from './datasets.ts'
import { benchmarks } from './evaluations.ts'

/** Hashes of a row of training data: of the whole row and, where it was reported, of its windows of words. */
export const trainingHashes = pgTable(
  'training_hashes',
  {
    workspaceId: workspaceId(),
    datasetVersionId: bigint('dataset_version_id', { mode: 'number' }).notNull(),
    hash: bytes('hash').notNull(),
    rowId: text('row_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.datasetVersionId, t.hash, t.rowId] }),
    foreignKey({
      name: 'training_hashes_version',
      columns: [t.workspaceId, t.datasetVersionId],
      foreignColumns: [datasetVersions.workspaceId, datasetVersions.id],
    }).onDelete('cascade'),
  ],
)

/** Hashes of an evaluation item's prompt, once for all checkpoints that were asked. */
export const itemHashes = pgTable(
  'item_hashes',
  {
    workspaceId: workspaceId(),
    benchmarkId: bigint('benchmark_id', { mode: 'number' }).notNull(),
    itemId: text('item_id').notNull(),
    hash: bytes('hash').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.benchmarkId, t.itemId, t.hash] }),
    index('item_hashes_hash').on(t.hash),
    foreignKey({
      name: 'item_hashes_benchmark',
      columns: [t.workspaceId, t.benchmarkId],
      foreignColumns: [benchmarks.workspaceId, benchmarks.id],
    }),
  ],
)
