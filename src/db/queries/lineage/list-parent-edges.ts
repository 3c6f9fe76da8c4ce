import { and, asc, eq, isNull } from 'drizzle-orm'
import { edges } from '#src/db/schema/lineage.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { EdgeRow } from './find-edge.ts'

/** The live edges that lead from parents to an experiment. */
export async function listParentEdges(db: Handle, scope: Scope, childId: number): Promise<EdgeRow[]> {
  return await db
    .select()
    .from(edges)
    .where(and(eq(edges.workspaceId, scope.workspaceId), eq(edges.childId, childId), isNull(edges.supersededAt)))
    .orderBy(asc(edges.id))
}
