import { and, eq, isNull } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { agents } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

export type AgentRow = typeof agents.$inferSelect

/** An agent of the workspace by its outside id, revoked ones too. */
export async function findAgent(db: Handle, scope: Scope, uid: string): Promise<AgentRow | null> {
  const [row] = await db
    .select()
    .from(agents)
    .where(and(eq(agents.workspaceId, scope.workspaceId), eq(agents.uid, uid)))
  return row ?? null
}

/**
 * Where the agent with this outside id is, before anything is proven: it has yet to sign a challenge with its key. Null for a
 * revoked one.
 */
export async function locateAgent(db: Handle, uid: string): Promise<AgentRow | null> {
  const [row] = await db
    .select()
    .from(agents)
    .where(and(eq(agents.uid, uid), isNull(agents.revokedAt)))
  return row ?? null
}
