import { and, eq } from 'drizzle-orm'
import { comparisonEntries } from '#src/db/schema/comparisons.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Takes all entries out of a comparison. */
export async function deleteEntries(db: Handle, scope: Scope, comparisonId: number): Promise<void> {
  await db
    .delete(comparisonEntries)
    .where(and(eq(comparisonEntries.workspaceId, scope.workspaceId), eq(comparisonEntries.comparisonId, comparisonId)))
}
