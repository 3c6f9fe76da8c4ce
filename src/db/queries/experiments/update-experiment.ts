import { and, eq } from 'drizzle-orm'
import { GoneMeanwhile } from '#src/db/gone-meanwhile.ts'
import { experiments } from '#src/db/schema/experiments.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { ExperimentRow } from './find-experiment.ts'
import type { NewExperiment } from './insert-experiment.ts'

/** Changes members of an experiment; absent ones stay. */
export async function updateExperiment(
  db: Handle,
  scope: ProjectScope,
  id: number,
  change: Partial<Omit<NewExperiment, 'number' | 'createdBy'>>,
): Promise<ExperimentRow> {
  const [row] = await db
    .update(experiments)
    .set(change)
    .where(
      and(
        eq(experiments.workspaceId, scope.workspaceId),
        eq(experiments.projectId, scope.projectId),
        eq(experiments.id, id),
      ),
    )
    .returning()
  if (!row) throw new GoneMeanwhile('experiment')
  return row
}
