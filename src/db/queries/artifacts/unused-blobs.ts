import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface BlobName extends Record<string, unknown> {
  workspace_id: number
  sha256: string
}

/** No artifact has this content, and no checkpoint that is not deleted. */
const isUnused = sql`
  not exists (select 1 from artifacts a where a.workspace_id = b.workspace_id and a.sha256 = b.sha256)
  and not exists (
    select 1 from checkpoint_files f join checkpoints c on c.workspace_id = f.workspace_id and c.id = f.checkpoint_id
    where f.sha256 = b.sha256 and f.workspace_id = b.workspace_id and c.deleted_at is null)`

/** Content of all workspaces that nobody has any more, in the order of its address, after `after`. For the clock. */
export async function listUnusedBlobs(db: Handle, after: BlobName | null, limit: number): Promise<BlobName[]> {
  return await db.execute<BlobName>(sql`
    select b.workspace_id, b.sha256 from blobs b
    where (b.workspace_id, b.sha256) > (${after?.workspace_id ?? 0}::int, ${after?.sha256 ?? ''}) and ${isUnused}
    order by b.workspace_id, b.sha256 limit ${limit}`)
}

/**
 * Deletes the row of content if nobody has it, holding its address until the transaction ends: whoever comes with the same content
 * waits, and then looks whether it is there.
 *
 * @returns false when somebody has it
 */
export async function deleteUnusedBlob(db: Handle, scope: Scope, sha256: string): Promise<boolean> {
  const rows = await db.execute<BlobName>(sql`
    delete from blobs b where b.workspace_id = ${scope.workspaceId} and b.sha256 = ${sha256} and ${isUnused} returning b.sha256`)
  return rows.length > 0
}
