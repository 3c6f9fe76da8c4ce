import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { agents } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

/** What an agent says about itself; answers whether somebody wants it drained, null when it was revoked. */
export async function touchAgent(
  db: Handle,
  scope: Scope,
  agentId: number,
  said: {
    slots: number
    busy: number
    load?: Record<string, unknown>
    labels?: Record<string, unknown>
    recipes: string[]
  },
): Promise<{ draining: boolean } | null> {
  const [row] = await db
    .update(agents)
    .set({ ...said, lastSeenAt: sql`now()` })
    .where(and(eq(agents.workspaceId, scope.workspaceId), eq(agents.id, agentId), isNull(agents.revokedAt)))
    .returning({ draining: agents.draining })
  return row ?? null
}
