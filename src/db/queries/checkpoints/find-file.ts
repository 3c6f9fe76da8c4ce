import { and, eq } from 'drizzle-orm'
import { checkpointFiles } from '#src/db/schema/checkpoints.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** A file of a checkpoint by its name. */
export async function findCheckpointFile(db: Handle, scope: Scope, checkpointId: number, name: string) {
  const rows = await db
    .select({ name: checkpointFiles.name, sha256: checkpointFiles.sha256, size: checkpointFiles.sizeBytes })
    .from(checkpointFiles)
    .where(
      and(
        eq(checkpointFiles.workspaceId, scope.workspaceId),
        eq(checkpointFiles.checkpointId, checkpointId),
        eq(checkpointFiles.name, name),
      ),
    )
  return rows[0] ?? null
}
