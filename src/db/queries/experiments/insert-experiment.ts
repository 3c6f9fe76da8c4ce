import { experiments } from '#src/db/schema/experiments.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { ExperimentRow } from './find-experiment.ts'

export type NewExperiment = Omit<typeof experiments.$inferInsert, 'id' | 'workspaceId' | 'projectId' | 'createdAt'>

/** Makes an experiment of the project. */
export async function insertExperiment(
  db: Handle,
  scope: ProjectScope,
  experiment: NewExperiment,
): Promise<ExperimentRow> {
  const [row] = await db
    .insert(experiments)
    .values({ ...experiment, workspaceId: scope.workspaceId, projectId: scope.projectId })
    .returning()
  if (!row) throw new Error('an insert that returned no row')
  return row
}
