import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { accessTokens } from '#src/db/schema/auth.ts'
import type { Scope } from '#src/db/scope.ts'

/** A job's tokens live as long as its lease and a grace. */
export async function extendJobTokens(
  db: Handle,
  scope: Scope,
  jobId: number,
  fence: number,
  leaseUntil: string,
  graceS: number,
): Promise<void> {
  await db
    .update(accessTokens)
    .set({ expiresAt: sql`${leaseUntil}::timestamptz + make_interval(secs => ${graceS})` })
    .where(
      and(
        eq(accessTokens.workspaceId, scope.workspaceId),
        eq(accessTokens.jobId, jobId),
        eq(accessTokens.fence, fence),
        isNull(accessTokens.revokedAt),
      ),
    )
}

/** No token of this job is worth anything any more. */
export async function revokeJobTokens(db: Handle, scope: Scope, jobId: number): Promise<void> {
  await db
    .update(accessTokens)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(accessTokens.workspaceId, scope.workspaceId),
        eq(accessTokens.jobId, jobId),
        isNull(accessTokens.revokedAt),
      ),
    )
}

/** No token of this agent is worth anything any more. */
export async function revokeAgentTokens(db: Handle, scope: Scope, agentId: number): Promise<void> {
  await db
    .update(accessTokens)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(accessTokens.workspaceId, scope.workspaceId),
        eq(accessTokens.agentId, agentId),
        isNull(accessTokens.revokedAt),
      ),
    )
}
