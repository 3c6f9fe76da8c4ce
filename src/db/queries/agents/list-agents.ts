import { desc, eq, sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { agents } from '#src/db/schema/agents.ts'
import type { Scope } from '#src/db/scope.ts'
import type { AgentRow } from './find-agent.ts'

/** Agents of the workspace: the living first, then by name. `online`: seen within `onlineS` seconds, by the database's clock. */
export async function listAgents(
  db: Handle,
  scope: Scope,
  onlineS: number,
): Promise<{ agent: AgentRow; online: boolean }[]> {
  return db
    .select({
      agent: agents,
      online: sql<boolean>`(${agents.revokedAt} is null and coalesce(${agents.lastSeenAt} > now() - make_interval(secs => ${onlineS}), false))`,
    })
    .from(agents)
    .where(eq(agents.workspaceId, scope.workspaceId))
    .orderBy(sql`${agents.revokedAt} is not null`, agents.name, desc(agents.id))
    .limit(500)
}
