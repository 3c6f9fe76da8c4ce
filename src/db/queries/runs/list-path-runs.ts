import { and, eq, inArray } from 'drizzle-orm'
import { runs } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type PathRunRow = Awaited<ReturnType<typeof listPathRuns>>[number]

/** When runs began and ended, how far they came and what they were configured with; in any project of the workspace. */
export async function listPathRuns(db: Handle, scope: Scope, runIds: readonly number[]) {
  if (runIds.length === 0) return []
  return await db
    .select({
      id: runs.id,
      state: runs.state,
      startedAt: runs.startedAt,
      endedAt: runs.endedAt,
      lastStep: runs.lastStep,
      config: runs.config,
    })
    .from(runs)
    .where(and(eq(runs.workspaceId, scope.workspaceId), inArray(runs.id, [...runIds])))
}
