import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { agents } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

/** Answers whether the agent was there and not yet revoked. */
export async function revokeAgentRow(db: Handle, scope: Scope, agentId: number): Promise<boolean> {
  const rows = await db
    .update(agents)
    .set({ revokedAt: sql`now()`, busy: 0 })
    .where(and(eq(agents.workspaceId, scope.workspaceId), eq(agents.id, agentId), isNull(agents.revokedAt)))
    .returning({ id: agents.id })
  return rows.length > 0
}
