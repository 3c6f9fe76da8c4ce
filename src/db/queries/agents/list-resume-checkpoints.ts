import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { checkpoints } from '#src/db/schema/checkpoints.ts'
import type { Scope } from '#src/db/scope.ts'

/** Committed checkpoints of a run from which an attempt may go on, the newest first; at most eight. */
export function listResumeCheckpoints(
  db: Handle,
  scope: Scope,
  runId: number,
): Promise<{ id: number; uid: string; step: number }[]> {
  return db
    .select({ id: checkpoints.id, uid: checkpoints.uid, step: checkpoints.step })
    .from(checkpoints)
    .where(
      and(
        eq(checkpoints.workspaceId, scope.workspaceId),
        eq(checkpoints.runId, runId),
        isNull(checkpoints.deletedAt),
        isNull(checkpoints.location),
      ),
    )
    .orderBy(desc(checkpoints.attempt), desc(checkpoints.step))
    .limit(8)
}
