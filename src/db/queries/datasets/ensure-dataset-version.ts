import { and, eq } from 'drizzle-orm'
import { datasets, datasetVersions } from '#src/db/schema/datasets.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** The id of a version of a data set; both are made on first use. */
export async function ensureDatasetVersion(db: Handle, scope: Scope, slug: string, version: string): Promise<number> {
  const { workspaceId } = scope
  await db.insert(datasets).values({ workspaceId, slug, name: slug }).onConflictDoNothing()
  const [dataset] = await db
    .select({ id: datasets.id })
    .from(datasets)
    .where(and(eq(datasets.workspaceId, workspaceId), eq(datasets.slug, slug)))
  const datasetId = dataset?.id ?? 0
  await db.insert(datasetVersions).values({ workspaceId, datasetId, version }).onConflictDoNothing()
  const [row] = await db
    .select({ id: datasetVersions.id })
    .from(datasetVersions)
    .where(
      and(
        eq(datasetVersions.workspaceId, workspaceId),
        eq(datasetVersions.datasetId, datasetId),
        eq(datasetVersions.version, version),
      ),
    )
  if (!row) throw new Error('a data set version that was just made has gone')
  return row.id
}
