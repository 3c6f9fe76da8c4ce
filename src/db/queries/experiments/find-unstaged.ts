import { and, eq } from 'drizzle-orm'
import { experiments } from '#src/db/schema/experiments.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { ExperimentRow } from './find-experiment.ts'

/** The experiment in which runs land that name none; null before the first such run. */
export async function findUnstaged(db: Handle, scope: ProjectScope): Promise<ExperimentRow | null> {
  const rows = await db
    .select()
    .from(experiments)
    .where(
      and(
        eq(experiments.workspaceId, scope.workspaceId),
        eq(experiments.projectId, scope.projectId),
        eq(experiments.isUnstaged, true),
      ),
    )
  return rows[0] ?? null
}
