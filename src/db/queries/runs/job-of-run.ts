import { and, desc, eq } from 'drizzle-orm'
import { jobs } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** The newest job that executes a run; null for a run without one. */
export async function jobOfRun(db: Handle, scope: Scope, runId: number) {
  const rows = await db
    .select({ id: jobs.id, fence: jobs.fence, attempt: jobs.attempt, state: jobs.state, reason: jobs.reason })
    .from(jobs)
    .where(and(eq(jobs.workspaceId, scope.workspaceId), eq(jobs.runId, runId)))
    .orderBy(desc(jobs.id))
    .limit(1)
  return rows[0] ?? null
}
