import { and, eq } from 'drizzle-orm'
import { projects } from '#src/db/schema/projects.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { ProjectRow } from './find-project.ts'

/** Changes what a project is called and says about itself; absent members stay. */
export async function updateProject(
  db: Handle,
  scope: ProjectScope,
  change: { slug?: string; name?: string; description?: string; thinAfterDays?: number | null },
): Promise<ProjectRow | null> {
  const rows = await db
    .update(projects)
    .set(change)
    .where(and(eq(projects.workspaceId, scope.workspaceId), eq(projects.id, scope.projectId)))
    .returning()
  return rows[0] ?? null
}
