import { eq } from 'drizzle-orm'
import { workspaces } from '../../schema/workspaces.ts'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'
import type { WorkspaceRow } from './locate-workspace.ts'

/** The workspace of a scope. */
export async function findWorkspace(db: Handle, scope: Scope): Promise<WorkspaceRow | null> {
  const rows = await db
    .select({ id: workspaces.id, slug: workspaces.slug, name: workspaces.name })
    .from(workspaces)
    .where(eq(workspaces.id, scope.workspaceId))
  return rows[0] ?? null
}
