import { and, eq, sql } from 'drizzle-orm'
import type { Database, DatabaseTransaction } from '#src/db/clients.ts'
import { agents, jobInputs, jobs } from '#src/db/schema/agents.ts'
import { accessTokens, apiKeys } from '#src/db/schema/auth.ts'
import { runs } from '#src/db/schema/runs.ts'
import { members, workspaces } from '#src/db/schema/workspaces.ts'

/**
 * These three find out who a token belongs to, so they come before any scope. Each takes the public id; expiry and revocation are
 * judged by the database's clock.
 */

/** An API key with its creator's present role; null when it is unknown, expired, revoked, or its creator has left. */
export async function findApiKey(db: Database | DatabaseTransaction, publicId: string) {
  const [row] = await db
    .select({
      id: apiKeys.id,
      secretHash: apiKeys.secretHash,
      scope: apiKeys.scope,
      name: apiKeys.name,
      projectId: apiKeys.projectId,
      createdBy: apiKeys.createdBy,
      creatorRole: members.role,
      workspaceId: apiKeys.workspaceId,
      workspaceSlug: workspaces.slug,
      expiresAt: apiKeys.expiresAt,
    })
    .from(apiKeys)
    .innerJoin(workspaces, eq(workspaces.id, apiKeys.workspaceId))
    .innerJoin(members, and(eq(members.workspaceId, apiKeys.workspaceId), eq(members.userId, apiKeys.createdBy)))
    .where(
      and(
        eq(apiKeys.publicId, publicId),
        sql`${apiKeys.revokedAt} is null`,
        sql`(${apiKeys.expiresAt} is null or ${apiKeys.expiresAt} > now())`,
      ),
    )
  return row ?? null
}

/** An agent's living access token; null when it is unknown or over, or the agent was revoked. */
export async function findAgentToken(db: Database | DatabaseTransaction, publicId: string) {
  const [row] = await db
    .select({
      secretHash: accessTokens.secretHash,
      expiresAt: accessTokens.expiresAt,
      agentId: agents.id,
      agentUid: agents.uid,
      name: agents.name,
      queues: agents.queues,
      workspaceId: accessTokens.workspaceId,
      workspaceSlug: workspaces.slug,
    })
    .from(accessTokens)
    .innerJoin(agents, and(eq(agents.workspaceId, accessTokens.workspaceId), eq(agents.id, accessTokens.agentId)))
    .innerJoin(workspaces, eq(workspaces.id, accessTokens.workspaceId))
    .where(and(isAlive(publicId), eq(accessTokens.kind, 'agent'), sql`${agents.revokedAt} is null`))
  return row ?? null
}

/** A job's living token with what the job may touch; null when it is unknown or over. */
export async function findJobToken(db: Database | DatabaseTransaction, publicId: string) {
  const [row] = await db
    .select({
      secretHash: accessTokens.secretHash,
      expiresAt: accessTokens.expiresAt,
      attempt: sql<number>`${accessTokens.attempt}`,
      fence: sql<number>`${accessTokens.fence}`.mapWith(Number),
      jobId: jobs.id,
      jobUid: jobs.uid,
      jobKind: jobs.kind,
      workspaceId: jobs.workspaceId,
      workspaceSlug: workspaces.slug,
      projectId: jobs.projectId,
      experimentId: jobs.experimentId,
      runId: jobs.runId,
      runUid: runs.uid,
    })
    .from(accessTokens)
    .innerJoin(jobs, and(eq(jobs.workspaceId, accessTokens.workspaceId), eq(jobs.id, accessTokens.jobId)))
    .innerJoin(runs, and(eq(runs.workspaceId, jobs.workspaceId), eq(runs.id, jobs.runId)))
    .innerJoin(workspaces, eq(workspaces.id, accessTokens.workspaceId))
    .where(and(isAlive(publicId), eq(accessTokens.kind, 'job')))
  if (!row) return null
  const inputs = await db
    .select({ role: jobInputs.role, checkpointId: jobInputs.checkpointId })
    .from(jobInputs)
    .where(and(eq(jobInputs.workspaceId, row.workspaceId), eq(jobInputs.jobId, row.jobId)))
  return { ...row, inputs }
}

const isAlive = (publicId: string) =>
  and(
    eq(accessTokens.publicId, publicId),
    sql`${accessTokens.revokedAt} is null`,
    sql`${accessTokens.expiresAt} > now()`,
  )
