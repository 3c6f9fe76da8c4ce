import { and, eq, inArray } from 'drizzle-orm'
import { projects } from '#src/db/schema/projects.ts'
import { runs } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Which project and experiment each of these runs belongs to, its number and whether it is at work, in any project of the workspace. */
export async function listRunPlaces(db: Handle, scope: Scope, runIds: readonly number[]) {
  if (runIds.length === 0) return []
  return await db
    .select({
      id: runs.id,
      projectId: runs.projectId,
      project: projects.slug,
      number: runs.number,
      experimentId: runs.experimentId,
      state: runs.state,
      endedAt: runs.endedAt,
    })
    .from(runs)
    .innerJoin(projects, eq(projects.id, runs.projectId))
    .where(and(eq(runs.workspaceId, scope.workspaceId), inArray(runs.id, [...runIds])))
}
