import { and, asc, eq, getTableColumns, inArray } from 'drizzle-orm'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { experiments } from '#src/db/schema/experiments.ts'
import { projects } from '#src/db/schema/projects.ts'
import type { ProjectScope, Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface CostStageRow extends ExperimentRow {
  /** Slug of its project. */
  project: string
}

/** Experiments by id, in any project of the workspace, archived ones too: what they took was spent. */
export async function listCostStages(db: Handle, scope: Scope, ids: readonly number[]): Promise<CostStageRow[]> {
  if (ids.length === 0) return []
  return await db
    .select({ ...getTableColumns(experiments), project: projects.slug })
    .from(experiments)
    .innerJoin(projects, eq(projects.id, experiments.projectId))
    .where(and(eq(experiments.workspaceId, scope.workspaceId), inArray(experiments.id, [...ids])))
    .orderBy(asc(experiments.projectId), asc(experiments.number))
}

/** Ids of all experiments of a project. */
export async function listCostStageIds(db: Handle, scope: ProjectScope): Promise<number[]> {
  const rows = await db
    .select({ id: experiments.id })
    .from(experiments)
    .where(and(eq(experiments.workspaceId, scope.workspaceId), eq(experiments.projectId, scope.projectId)))
  return rows.map((row) => row.id)
}
