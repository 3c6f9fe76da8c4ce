import { and, asc, eq, gt, isNull } from 'drizzle-orm'
import type { StageGoal, StageKind } from '#src/core/experiments/stage-kinds.ts'
import { experiments } from '#src/db/schema/experiments.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { ExperimentRow } from './find-experiment.ts'

/** Experiments of the project by number, all or those of a goal or stage kind. */
export async function listExperiments(
  db: Handle,
  scope: ProjectScope,
  page: {
    limit: number
    after?: number | undefined
    goal?: StageGoal | undefined
    stageKind?: StageKind | undefined
  },
): Promise<ExperimentRow[]> {
  return await db
    .select()
    .from(experiments)
    .where(
      and(
        eq(experiments.workspaceId, scope.workspaceId),
        eq(experiments.projectId, scope.projectId),
        isNull(experiments.archivedAt),
        page.goal === undefined ? undefined : eq(experiments.goal, page.goal),
        page.stageKind === undefined ? undefined : eq(experiments.stageKind, page.stageKind),
        page.after === undefined ? undefined : gt(experiments.number, page.after),
      ),
    )
    .orderBy(asc(experiments.number))
    .limit(page.limit)
}
