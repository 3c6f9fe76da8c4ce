import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Database, DatabaseTransaction } from '#src/db/clients.ts'
import { apiKeys } from '#src/db/schema/auth.ts'
import type { Scope } from '#src/db/scope.ts'

/** Notes that a key was used, at most once a minute. */
export async function touchApiKey(db: Database | DatabaseTransaction, scope: Scope, keyId: number): Promise<void> {
  await db
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()` })
    .where(
      and(
        eq(apiKeys.workspaceId, scope.workspaceId),
        eq(apiKeys.id, keyId),
        or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, sql`now() - interval '1 minute'`)),
      ),
    )
}
