import { and, eq } from 'drizzle-orm'
import { comparisons } from '#src/db/schema/comparisons.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Takes a comparison away for good; what it held stays. */
export async function deleteComparison(db: Handle, scope: Scope, id: number): Promise<void> {
  await db.delete(comparisons).where(and(eq(comparisons.workspaceId, scope.workspaceId), eq(comparisons.id, id)))
}
