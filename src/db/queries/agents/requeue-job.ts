import { and, eq, sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { jobs } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

/**
 * Puts a job back into its queue. Raises the fence: the old holder is stale from now on, not only when somebody claims.
 *
 * @param again.moreAttempts 1 when the attempt shall not count (a drained agent gave it back)
 * @returns the new fence
 */
export async function requeueJob(
  db: Handle,
  scope: Scope,
  id: number,
  again: { reason: string; exitCode: number | null; pauseS: number; moreAttempts: 0 | 1 },
): Promise<number> {
  const [row] = await db
    .update(jobs)
    .set({
      state: 'queued',
      fence: sql`${jobs.fence} + 1`,
      agentId: null,
      leaseUntil: null,
      runAfter: sql`now() + make_interval(secs => ${again.pauseS})`,
      maxAttempts: sql`${jobs.maxAttempts} + ${again.moreAttempts}::int`,
      reason: again.reason,
      exitCode: again.exitCode,
    })
    .where(and(eq(jobs.workspaceId, scope.workspaceId), eq(jobs.id, id)))
    .returning({ fence: jobs.fence })
  if (!row) throw new Error(`job ${id} is gone`)
  return row.fence
}
