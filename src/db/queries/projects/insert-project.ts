import { projects } from '#src/db/schema/projects.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { ProjectRow } from './find-project.ts'

/** Makes a project; null when the slug is taken (by whoever was first). */
export async function insertProject(
  db: Handle,
  scope: Scope,
  project: { slug: string; name: string; description: string; recorded: boolean },
): Promise<ProjectRow | null> {
  const rows = await db
    .insert(projects)
    .values({ ...project, workspaceId: scope.workspaceId })
    .onConflictDoNothing({ target: [projects.workspaceId, projects.slug] })
    .returning()
  return rows[0] ?? null
}
