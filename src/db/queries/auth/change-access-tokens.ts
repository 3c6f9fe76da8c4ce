import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Database, DatabaseTransaction } from '#src/db/clients.ts'
import { accessTokens } from '#src/db/schema/auth.ts'
import type { Scope } from '#src/db/scope.ts'

/** Moves the end of a job's living token of one fence, as its lease moves. */
export async function extendJobToken(
  db: Database | DatabaseTransaction,
  scope: Scope,
  job: { jobId: number; fence: number },
  expiresAt: string,
): Promise<void> {
  await db
    .update(accessTokens)
    .set({ expiresAt })
    .where(
      and(
        eq(accessTokens.workspaceId, scope.workspaceId),
        eq(accessTokens.jobId, job.jobId),
        eq(accessTokens.fence, job.fence),
        isNull(accessTokens.revokedAt),
      ),
    )
}

/** Revokes tokens of a job: all of them, or those of other fences than the present one. */
export async function revokeJobTokens(
  db: Database | DatabaseTransaction,
  scope: Scope,
  jobId: number,
  exceptFence?: number,
): Promise<void> {
  await db
    .update(accessTokens)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(accessTokens.workspaceId, scope.workspaceId),
        eq(accessTokens.jobId, jobId),
        isNull(accessTokens.revokedAt),
        exceptFence === undefined ? undefined : ne(accessTokens.fence, exceptFence),
      ),
    )
}

/** Revokes all tokens of an agent. */
export async function revokeAgentTokens(
  db: Database | DatabaseTransaction,
  scope: Scope,
  agentId: number,
): Promise<void> {
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
