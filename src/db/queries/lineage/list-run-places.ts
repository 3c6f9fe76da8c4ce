import { and, eq, inArray } from 'drizzle-orm'
import { runs } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Which experiment each of these runs belongs to and whether it is at work, in any project of the workspace. */
export async function listRunPlaces(db: Handle, scope: Scope, runIds: readonly number[]) {
  if (runIds.length === 0) return []
  return await db
    .select({ id: runs.id, experimentId: runs.experimentId, state: runs.state, endedAt: runs.endedAt })
    .from(runs)
    .where(and(eq(runs.workspaceId, scope.workspaceId), inArray(runs.id, [...runIds])))
}
