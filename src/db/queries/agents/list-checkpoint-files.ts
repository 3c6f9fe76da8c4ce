import { and, eq } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { checkpointFiles } from '#src/db/schema/checkpoints.ts'
import type { Scope } from '#src/db/scope.ts'

/** The files of a checkpoint in name order. */
export function listCheckpointFiles(
  db: Handle,
  scope: Scope,
  checkpointId: number,
): Promise<{ name: string; sha256: string; size: number }[]> {
  return db
    .select({ name: checkpointFiles.name, sha256: checkpointFiles.sha256, size: checkpointFiles.sizeBytes })
    .from(checkpointFiles)
    .where(and(eq(checkpointFiles.workspaceId, scope.workspaceId), eq(checkpointFiles.checkpointId, checkpointId)))
    .orderBy(checkpointFiles.name)
}
