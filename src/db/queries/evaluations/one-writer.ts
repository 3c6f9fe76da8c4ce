import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/**
 * One writer at a time of what stands among the evaluations of a checkpoint, until the transaction ends. No stronger than that: two
 * writers have both inserted rows that refer to the checkpoint, and a full lock would wait for both.
 */
export async function oneWriter(db: Handle, scope: Scope, checkpointId: number): Promise<void> {
  await db.execute(
    sql`select 1 from checkpoints where workspace_id = ${scope.workspaceId} and id = ${checkpointId} for no key update`,
  )
}
