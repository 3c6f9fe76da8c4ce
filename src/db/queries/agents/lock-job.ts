import { and, eq } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { jobs } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

/** The job as it stands, held until the transaction ends: nobody claims, ends or sweeps it meanwhile. */
export async function lockJob(db: Handle, scope: Scope, id: number): Promise<typeof jobs.$inferSelect | null> {
  const [row] = await db
    .select()
    .from(jobs)
    .where(and(eq(jobs.workspaceId, scope.workspaceId), eq(jobs.id, id)))
    .for('update')
  return row ?? null
}
