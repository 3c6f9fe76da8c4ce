import { pipelines } from '../../schema/agents.ts'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

/** Adds a pipeline as it was launched; answers its ids. */
export async function insertPipeline(
  db: Handle,
  scope: ProjectScope,
  pipeline: { name: string; definition: unknown; createdBy: string },
): Promise<{ id: number; uid: string }> {
  const [row] = await db
    .insert(pipelines)
    .values({ ...pipeline, workspaceId: scope.workspaceId, projectId: scope.projectId })
    .returning({ id: pipelines.id, uid: pipelines.uid })
  if (!row) throw new Error('a pipeline was not added')
  return row
}
