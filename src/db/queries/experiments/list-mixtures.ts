import { and, asc, eq, inArray } from 'drizzle-orm'
import { datasets, datasetVersions } from '#src/db/schema/datasets.ts'
import { mixtureSources } from '#src/db/schema/experiments.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type MixtureRow = Awaited<ReturnType<typeof listMixtures>>[number]

/** The data mixtures of experiments, in their order. */
export async function listMixtures(db: Handle, scope: Scope, experimentIds: readonly number[]) {
  if (experimentIds.length === 0) return []
  return await db
    .select({
      experimentId: mixtureSources.experimentId,
      source: mixtureSources.source,
      role: mixtureSources.role,
      nativeUnit: mixtureSources.nativeUnit,
      nativeCount: mixtureSources.nativeCount,
      tokens: mixtureSources.tokens,
      share: mixtureSources.share,
      dataset: datasets.slug,
      version: datasetVersions.version,
    })
    .from(mixtureSources)
    .leftJoin(datasetVersions, eq(datasetVersions.id, mixtureSources.datasetVersionId))
    .leftJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(
      and(eq(mixtureSources.workspaceId, scope.workspaceId), inArray(mixtureSources.experimentId, [...experimentIds])),
    )
    .orderBy(asc(mixtureSources.experimentId), asc(mixtureSources.position))
}
