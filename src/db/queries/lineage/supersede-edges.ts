import { and, eq, isNull, sql } from 'drizzle-orm'
import { edges } from '#src/db/schema/lineage.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Ends edges: one by its id, or all that lead from parents to a child. They stay readable. */
export async function supersedeEdges(
  db: Handle,
  scope: Scope,
  which: { id: number } | { childId: number },
): Promise<void> {
  await db
    .update(edges)
    .set({ supersededAt: sql`now()` })
    .where(
      and(
        eq(edges.workspaceId, scope.workspaceId),
        'id' in which ? eq(edges.id, which.id) : eq(edges.childId, which.childId),
        isNull(edges.supersededAt),
      ),
    )
}
