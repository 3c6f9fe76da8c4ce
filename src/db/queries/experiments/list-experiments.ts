import { and, asc, eq, gt, isNull } from 'drizzle-orm'
import { experiments } from '#src/db/schema/experiments.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { ExperimentRow } from './find-experiment.ts'

/** Experiments of the project by number. */
export async function listExperiments(
  db: Handle,
  scope: ProjectScope,
  page: { limit: number; after?: number | undefined },
): Promise<ExperimentRow[]> {
  return await db
    .select()
    .from(experiments)
    .where(
      and(
        eq(experiments.workspaceId, scope.workspaceId),
        eq(experiments.projectId, scope.projectId),
        isNull(experiments.archivedAt),
        page.after === undefined ? undefined : gt(experiments.number, page.after),
      ),
    )
    .orderBy(asc(experiments.number))
    .limit(page.limit)
}
