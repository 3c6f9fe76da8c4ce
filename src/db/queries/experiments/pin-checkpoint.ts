import { and, eq } from 'drizzle-orm'
import { experiments } from '#src/db/schema/experiments.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Makes a checkpoint that of its stage, or leaves the choice to the rule again (null). */
export async function pinCheckpoint(
  db: Handle,
  scope: ProjectScope,
  experimentId: number,
  checkpointId: number | null,
): Promise<void> {
  await db
    .update(experiments)
    .set({ pinnedCheckpointId: checkpointId })
    .where(
      and(
        eq(experiments.workspaceId, scope.workspaceId),
        eq(experiments.projectId, scope.projectId),
        eq(experiments.id, experimentId),
      ),
    )
}
