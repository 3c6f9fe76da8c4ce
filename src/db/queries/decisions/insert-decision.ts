import { decisions } from '#src/db/schema/decisions.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type NewDecision = Pick<
  typeof decisions.$inferInsert,
  'experimentId' | 'revision' | 'decision' | 'reason' | 'createdBy'
>

/** Adds a revision; false when another one took its number first. */
export async function insertDecision(db: Handle, scope: Scope, row: NewDecision): Promise<boolean> {
  const added = await db
    .insert(decisions)
    .values({ ...row, workspaceId: scope.workspaceId })
    .onConflictDoNothing({ target: [decisions.experimentId, decisions.revision] })
    .returning({ id: decisions.id })
  return added.length > 0
}
