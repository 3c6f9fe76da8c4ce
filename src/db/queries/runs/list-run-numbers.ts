import { and, eq, inArray } from 'drizzle-orm'
import { runs } from '../../schema/runs.ts'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

/** The numbers of runs of a project by their ids, deleted ones included; ids of other projects are left out. */
export async function listRunNumbers(
  db: Handle,
  scope: ProjectScope,
  ids: number[],
): Promise<{ id: number; number: number }[]> {
  if (ids.length === 0) return []
  return db
    .select({ id: runs.id, number: runs.number })
    .from(runs)
    .where(and(eq(runs.workspaceId, scope.workspaceId), eq(runs.projectId, scope.projectId), inArray(runs.id, ids)))
}
