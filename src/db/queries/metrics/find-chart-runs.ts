import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import { runs } from '../../schema/runs.ts'
import type { ProjectScope, Scope } from '../../scope.ts'
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

/** Runs of any project of the workspace that are not deleted, by uid. */
export async function findChartRunsAcross(
  db: Handle,
  scope: Scope,
  uids: readonly string[],
): Promise<(ChartRun & { projectId: number })[]> {
  return db
    .select({
      id: runs.id,
      number: runs.number,
      uid: runs.uid,
      startedAt: runs.startedAt,
      projectId: runs.projectId,
    })
    .from(runs)
    .where(and(eq(runs.workspaceId, scope.workspaceId), isNull(runs.deletedAt), inArray(runs.uid, [...uids])))
}
