import { comparisons } from '#src/db/schema/comparisons.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type NewComparison = Pick<typeof comparisons.$inferInsert, 'uid' | 'title' | 'createdBy'>

/** Keeps a comparison without entries; gives its id inside. */
export async function insertComparison(db: Handle, scope: Scope, row: NewComparison): Promise<number> {
  const [made] = await db
    .insert(comparisons)
    .values({ ...row, workspaceId: scope.workspaceId })
    .returning({ id: comparisons.id })
  if (!made) throw new Error('an insert returns its row')
  return made.id
}
