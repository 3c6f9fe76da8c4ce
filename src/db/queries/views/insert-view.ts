import { views } from '#src/db/schema/views.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type NewView = Pick<
  typeof views.$inferInsert,
  'key' | 'page' | 'audience' | 'name' | 'state' | 'ownerId' | 'createdBy' | 'updatedBy' | 'updatedAt'
>

/** Adds a view; false when its key is taken. */
export async function insertView(db: Handle, scope: ProjectScope, row: NewView): Promise<boolean> {
  const added = await db
    .insert(views)
    .values({ ...row, workspaceId: scope.workspaceId, projectId: scope.projectId })
    .onConflictDoNothing({ target: [views.projectId, views.key] })
    .returning({ id: views.id })
  return added.length > 0
}
