import { and, asc, eq } from 'drizzle-orm'
import { checkpoints } from '#src/db/schema/checkpoints.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Ids of a run's checkpoints, each held until the transaction ends: nobody pins, deletes or starts from one meanwhile. */
export async function holdCheckpointsOfRun(db: Handle, scope: ProjectScope, runId: number): Promise<number[]> {
  const rows = await db
    .select({ id: checkpoints.id })
    .from(checkpoints)
    .where(
      and(
        eq(checkpoints.workspaceId, scope.workspaceId),
        eq(checkpoints.projectId, scope.projectId),
        eq(checkpoints.runId, runId),
      ),
    )
    .orderBy(asc(checkpoints.id))
    .for('update')
  return rows.map((row) => row.id)
}
