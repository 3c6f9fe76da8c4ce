import { and, eq } from 'drizzle-orm'
import { experiments } from '../../schema/experiments.ts'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

/** The stages of a project by the id inside. */
export async function listExperimentIds(db: Handle, scope: ProjectScope): Promise<number[]> {
  const rows = await db
    .select({ id: experiments.id })
    .from(experiments)
    .where(and(eq(experiments.workspaceId, scope.workspaceId), eq(experiments.projectId, scope.projectId)))
  return rows.map((row) => row.id)
}
