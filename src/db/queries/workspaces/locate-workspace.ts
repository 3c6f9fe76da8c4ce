import { eq } from 'drizzle-orm'
import { workspaces } from '../../schema/workspaces.ts'
import type { Handle } from '../handle.ts'

export interface WorkspaceRow {
  id: number
  slug: string
  name: string
}

/** A workspace by its slug, before anything is proven; only for actors who act on the whole instance. */
export async function locateWorkspace(db: Handle, slug: string): Promise<WorkspaceRow | null> {
  const rows = await db
    .select({ id: workspaces.id, slug: workspaces.slug, name: workspaces.name })
    .from(workspaces)
    .where(eq(workspaces.slug, slug))
  return rows[0] ?? null
}
