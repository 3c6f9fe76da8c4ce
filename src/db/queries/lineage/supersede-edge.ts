import { and, eq, isNull, sql } from 'drizzle-orm'
import { edges } from '#src/db/schema/lineage.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Ends an edge; it stays readable. */
export async function supersedeEdge(db: Handle, scope: Scope, id: number): Promise<void> {
  await db
    .update(edges)
    .set({ supersededAt: sql`now()` })
    .where(and(eq(edges.workspaceId, scope.workspaceId), eq(edges.id, id), isNull(edges.supersededAt)))
}
