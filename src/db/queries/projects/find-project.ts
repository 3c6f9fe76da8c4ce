import { and, eq } from 'drizzle-orm'
import { projects } from '../../schema/projects.ts'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export type ProjectRow = typeof projects.$inferSelect

/** A project by its present slug. */
export async function findProject(db: Handle, scope: Scope, slug: string): Promise<ProjectRow | null> {
  const rows = await db
    .select()
    .from(projects)
    .where(and(eq(projects.workspaceId, scope.workspaceId), eq(projects.slug, slug)))
  return rows[0] ?? null
}

/** A project by the id inside. */
export async function findProjectById(db: Handle, scope: Scope, id: number): Promise<ProjectRow | null> {
  const rows = await db
    .select()
    .from(projects)
    .where(and(eq(projects.workspaceId, scope.workspaceId), eq(projects.id, id)))
  return rows[0] ?? null
}
