import { and, eq } from 'drizzle-orm'
import { pipelines } from '../../schema/agents.ts'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

/** A pipeline of a project by its uid. */
export async function findPipeline(
  db: Handle,
  scope: ProjectScope,
  uid: string,
): Promise<{ id: number; uid: string; name: string } | null> {
  const rows = await db
    .select({ id: pipelines.id, uid: pipelines.uid, name: pipelines.name })
    .from(pipelines)
    .where(
      and(
        eq(pipelines.workspaceId, scope.workspaceId),
        eq(pipelines.projectId, scope.projectId),
        eq(pipelines.uid, uid),
      ),
    )
  return rows[0] ?? null
}
