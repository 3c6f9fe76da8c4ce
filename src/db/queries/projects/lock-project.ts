import { and, eq } from 'drizzle-orm'
import { projects } from '#src/db/schema/projects.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Holds the project's row until the transaction ends: experiments and runs of one project are numbered one after the other. */
export async function lockProject(db: Handle, scope: ProjectScope): Promise<void> {
  await db
    .select({ id: projects.id })
    .from(projects)
    .where(and(eq(projects.workspaceId, scope.workspaceId), eq(projects.id, scope.projectId)))
    .for('update')
}
