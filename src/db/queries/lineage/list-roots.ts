import { and, eq, inArray } from 'drizzle-orm'
import { experiments } from '#src/db/schema/experiments.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Kind and root of these experiments, in any project of the workspace. */
export async function listRoots(db: Handle, scope: Scope, experimentIds: readonly number[]) {
  if (experimentIds.length === 0) return []
  return await db
    .select({ id: experiments.id, stageKind: experiments.stageKind, rootKind: experiments.rootKind })
    .from(experiments)
    .where(and(eq(experiments.workspaceId, scope.workspaceId), inArray(experiments.id, [...experimentIds])))
}
