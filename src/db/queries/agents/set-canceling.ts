import { and, eq, inArray } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { jobs } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

/** Asks the holder of a job to end it; the next heartbeat of the job carries the request. */
export async function setCanceling(db: Handle, scope: Scope, id: number, reason: string): Promise<void> {
  await db
    .update(jobs)
    .set({ state: 'canceling', reason })
    .where(and(eq(jobs.workspaceId, scope.workspaceId), eq(jobs.id, id), inArray(jobs.state, ['leased', 'running'])))
}
