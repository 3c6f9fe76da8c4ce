import { and, asc, eq, inArray } from 'drizzle-orm'
import { allocations } from '#src/db/schema/runs.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type AllocationRow = typeof allocations.$inferSelect

/** Whole allocations of runs, in the order in which they began. */
export async function listCostAllocations(
  db: Handle,
  scope: Scope,
  runIds: readonly number[],
): Promise<AllocationRow[]> {
  if (runIds.length === 0) return []
  return await db
    .select()
    .from(allocations)
    .where(and(eq(allocations.workspaceId, scope.workspaceId), inArray(allocations.runId, [...runIds])))
    .orderBy(asc(allocations.startedAt), asc(allocations.id))
}
