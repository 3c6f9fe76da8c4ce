import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import { allocations } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'

/** The attempt holds its hardware no longer. */
export async function endAllocations(db: Handle, scope: Scope, runId: number, attempt: number): Promise<void> {
  await db
    .update(allocations)
    .set({ endedAt: sql`now()` })
    .where(
      and(
        eq(allocations.workspaceId, scope.workspaceId),
        eq(allocations.runId, runId),
        eq(allocations.attempt, attempt),
        isNull(allocations.endedAt),
      ),
    )
}
