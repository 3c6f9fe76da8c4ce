import { and, eq, inArray } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { jobs } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

/** Ids of the jobs that an agent holds, in id order. */
export async function listHeldJobs(db: Handle, scope: Scope, agentId: number): Promise<number[]> {
  const rows = await db
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        eq(jobs.workspaceId, scope.workspaceId),
        eq(jobs.agentId, agentId),
        inArray(jobs.state, ['leased', 'running', 'canceling']),
      ),
    )
    .orderBy(jobs.id)
  return rows.map((row) => row.id)
}
