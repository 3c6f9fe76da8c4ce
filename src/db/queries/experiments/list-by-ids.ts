import { and, eq, getTableColumns, inArray } from 'drizzle-orm'
import { experiments } from '#src/db/schema/experiments.ts'
import { projects } from '#src/db/schema/projects.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { ExperimentRow } from './find-experiment.ts'

/** An experiment with the slug of its project. */
export type PlacedExperiment = ExperimentRow & { project: string }

/** Experiments of the workspace by their ids inside, of any of its projects. */
export async function listExperimentsByIds(
  db: Handle,
  scope: Scope,
  ids: readonly number[],
): Promise<PlacedExperiment[]> {
  if (ids.length === 0) return []
  return await db
    .select({ ...getTableColumns(experiments), project: projects.slug })
    .from(experiments)
    .innerJoin(projects, eq(projects.id, experiments.projectId))
    .where(and(eq(experiments.workspaceId, scope.workspaceId), inArray(experiments.id, [...ids])))
}
