import { and, eq, isNull } from 'drizzle-orm'
import { checkpoints } from '#src/db/schema/checkpoints.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Marks a checkpoint as deleted at a time (RFC 3339); one that is keeps its time. */
export async function setCheckpointDeleted(db: Handle, scope: ProjectScope, id: number, at: string): Promise<void> {
  await db
    .update(checkpoints)
    .set({ deletedAt: at })
    .where(
      and(
        eq(checkpoints.workspaceId, scope.workspaceId),
        eq(checkpoints.projectId, scope.projectId),
        eq(checkpoints.id, id),
        isNull(checkpoints.deletedAt),
      ),
    )
}
