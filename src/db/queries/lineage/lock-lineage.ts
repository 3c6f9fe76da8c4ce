import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** One writer of edges per workspace until the transaction ends: the lock that the trigger of `edges` takes, taken before reading. */
export async function lockLineage(db: Handle, scope: Scope): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtext('edges'), ${scope.workspaceId}::int)`)
}
