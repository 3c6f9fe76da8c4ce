import { and, eq, sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { queues } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

/** Stops or allows claims from a queue; running jobs go on. Answers whether the queue exists. */
export async function setQueuePaused(db: Handle, scope: Scope, name: string, paused: boolean): Promise<boolean> {
  const rows = await db
    .update(queues)
    .set({ pausedAt: paused ? sql`coalesce(${queues.pausedAt}, now())` : null })
    .where(and(eq(queues.workspaceId, scope.workspaceId), eq(queues.name, name)))
    .returning({ id: queues.id })
  return rows.length > 0
}
