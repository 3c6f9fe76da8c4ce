import { and, eq, sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { jobs } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

/** Nothing more will happen to this job. */
export async function endJob(
  db: Handle,
  scope: Scope,
  id: number,
  end: { state: 'finished' | 'failed' | 'canceled'; reason: string; exitCode: number | null },
): Promise<void> {
  await db
    .update(jobs)
    .set({ ...end, leaseUntil: null, endedAt: sql`now()` })
    .where(and(eq(jobs.workspaceId, scope.workspaceId), eq(jobs.id, id)))
}
