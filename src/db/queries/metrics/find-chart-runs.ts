import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import { runs } from '../../schema/runs.ts'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export interface ChartRun {
  id: number
  number: number
  uid: string
  startedAt: string | null
}

/** Runs of a project that are not deleted, by numbers or uids. */
export async function findChartRuns(
  db: Handle,
  scope: ProjectScope,
  names: { numbers: number[]; uids: string[] },
): Promise<ChartRun[]> {
  return db
    .select({ id: runs.id, number: runs.number, uid: runs.uid, startedAt: runs.startedAt })
    .from(runs)
    .where(
      and(
        eq(runs.workspaceId, scope.workspaceId),
        eq(runs.projectId, scope.projectId),
        isNull(runs.deletedAt),
        or(inArray(runs.number, names.numbers), inArray(runs.uid, names.uids)),
      ),
    )
}
