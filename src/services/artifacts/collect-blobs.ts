import { sqlState } from '#src/db/clients.ts'
import { type BlobName, deleteUnusedBlob, listUnusedBlobs } from '#src/db/queries/artifacts/unused-blobs.ts'
import { workspaceScope } from '#src/db/scope.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant } from '#src/services/errors.ts'

const AT_ONCE = 200
/** SQLSTATE of a foreign key: an artifact came to have the content meanwhile. */
const FOREIGN_KEY_VIOLATION = '23503'

/**
 * Removes content that no artifact and no checkpoint has any more, row and file together; for the clock. Killed between the two, the
 * next turn finds the row again.
 *
 * @param untilMs when to stop, by the process's own clock (`performance.now()`)
 * @returns how many
 */
export async function collectBlobs(ctx: Context, untilMs: number): Promise<number> {
  invariant(ctx.actor.kind === 'clock', 'only the clock collects')
  let collected = 0
  let last: BlobName | null = null
  for (;;) {
    const unused: BlobName[] = await listUnusedBlobs(ctx.db, last, AT_ONCE)
    for (const name of unused) {
      if (performance.now() >= untilMs) return collected
      if (await collect(ctx, name)) collected++
    }
    last = unused.at(-1) ?? null
    if (unused.length < AT_ONCE) return collected
  }
}

async function collect(ctx: Context, { workspace_id, sha256 }: BlobName): Promise<boolean> {
  try {
    return await inTransaction(ctx, async (tx) => {
      if (!(await deleteUnusedBlob(tx.db, workspaceScope(workspace_id), sha256))) return false
      // Before the commit: who waits for this address looks for the file after it.
      await ctx.services.blobs.remove(workspace_id, sha256)
      return true
    })
  } catch (error) {
    if (sqlState(error) === FOREIGN_KEY_VIOLATION) return false
    throw error
  }
}
