import { and, eq } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { jobInputs } from '#src/db/schema/agents.ts'
import { checkpoints } from '#src/db/schema/checkpoints.ts'
import type { Scope } from '#src/db/scope.ts'

/** The checkpoints that a job reads, by role. */
export function listJobInputs(
  db: Handle,
  scope: Scope,
  jobId: number,
): Promise<{ role: 'parent' | 'reference' | 'target'; id: number; uid: string; step: number }[]> {
  return db
    .select({ role: jobInputs.role, id: checkpoints.id, uid: checkpoints.uid, step: checkpoints.step })
    .from(jobInputs)
    .innerJoin(checkpoints, eq(checkpoints.id, jobInputs.checkpointId))
    .where(and(eq(jobInputs.workspaceId, scope.workspaceId), eq(jobInputs.jobId, jobId)))
    .orderBy(jobInputs.role)
}
