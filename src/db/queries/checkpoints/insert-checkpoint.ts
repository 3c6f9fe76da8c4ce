import { checkpointFiles, checkpoints } from '#src/db/schema/checkpoints.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { CheckpointRow } from './locate-checkpoint.ts'

export type NewCheckpoint = Omit<typeof checkpoints.$inferInsert, 'id' | 'workspaceId' | 'projectId' | 'createdAt'>

const FILES_PER_STATEMENT = 2000

/** Writes a checkpoint with its files; inside a transaction, so that the manifest is whole or not there. */
export async function insertCheckpoint(
  db: Handle,
  scope: ProjectScope,
  checkpoint: NewCheckpoint,
  files: readonly { name: string; sha256: string; sizeBytes: number }[],
): Promise<CheckpointRow> {
  const { workspaceId, projectId } = scope
  const [row] = await db
    .insert(checkpoints)
    .values({ ...checkpoint, workspaceId, projectId })
    .returning()
  if (!row) throw new Error('an insert that returned no row')
  for (let at = 0; at < files.length; at += FILES_PER_STATEMENT)
    await db
      .insert(checkpointFiles)
      .values(files.slice(at, at + FILES_PER_STATEMENT).map((f) => ({ ...f, workspaceId, checkpointId: row.id })))
  return row
}
