import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { agents } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

/** Adds an agent; answers its ids. */
export async function insertAgent(
  db: Handle,
  scope: Scope,
  agent: {
    name: string
    publicKey: string
    queues: string[]
    labels: Record<string, unknown>
    slots: number
    recipes: string[]
  },
): Promise<{ id: number; uid: string }> {
  const [row] = await db
    .insert(agents)
    .values({ ...agent, workspaceId: scope.workspaceId, lastSeenAt: sql`now()` })
    .returning({ id: agents.id, uid: agents.uid })
  if (!row) throw new Error('an agent was not added')
  return row
}
