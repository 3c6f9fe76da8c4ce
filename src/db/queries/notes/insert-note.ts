import { notes } from '#src/db/schema/notes.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type NewNote = Pick<
  typeof notes.$inferInsert,
  'subject' | 'place' | 'runId' | 'experimentId' | 'revision' | 'body' | 'createdBy'
>

/** Adds a text; false when another one took its revision first. */
export async function insertNote(db: Handle, scope: ProjectScope, row: NewNote): Promise<boolean> {
  const added = await db
    .insert(notes)
    .values({ ...row, workspaceId: scope.workspaceId, projectId: scope.projectId })
    .onConflictDoNothing({ target: [notes.projectId, notes.place, notes.revision] })
    .returning({ id: notes.id })
  return added.length > 0
}
