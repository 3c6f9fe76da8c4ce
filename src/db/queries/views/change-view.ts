import { and, eq, sql } from 'drizzle-orm'
import { views } from '#src/db/schema/views.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type ViewChange = Partial<Pick<typeof views.$inferInsert, 'name' | 'state' | 'audience' | 'ownerId'>> &
  Required<Pick<typeof views.$inferInsert, 'updatedBy' | 'updatedAt'>>

const which = (scope: ProjectScope, id: number) =>
  and(eq(views.workspaceId, scope.workspaceId), eq(views.projectId, scope.projectId), eq(views.id, id))

/** Changes a view whose revision this is; false when somebody changed or deleted it meanwhile. */
export async function changeView(
  db: Handle,
  scope: ProjectScope,
  { id, revision }: { id: number; revision: number },
  change: ViewChange,
): Promise<boolean> {
  const changed = await db
    .update(views)
    .set({ ...change, revision: sql`${views.revision} + 1` })
    .where(and(which(scope, id), eq(views.revision, revision)))
    .returning({ id: views.id })
  return changed.length > 0
}

/** Deletes a view. */
export async function deleteView(db: Handle, scope: ProjectScope, id: number): Promise<void> {
  await db.delete(views).where(which(scope, id))
}
