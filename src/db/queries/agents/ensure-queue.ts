import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { queues } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'

/** The id of the workspace's queue of that name; makes it when it is absent. */
export async function ensureQueue(db: Handle, scope: Scope, name: string): Promise<number> {
  const [row] = await db
    .insert(queues)
    .values({ workspaceId: scope.workspaceId, name })
    .onConflictDoUpdate({ target: [queues.workspaceId, queues.name], set: { name: sql`excluded.name` } })
    .returning({ id: queues.id })
  if (!row) throw new Error(`queue ${name} was neither found nor made`)
  return row.id
}
