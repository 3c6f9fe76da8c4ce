import { and, eq, isNull } from 'drizzle-orm'
import type { EdgeKind } from '#src/core/lineage/edge-kinds.ts'
import { edges } from '#src/db/schema/lineage.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type EdgeRow = typeof edges.$inferSelect

/** The live edge of this kind between two experiments. */
export async function findEdge(
  db: Handle,
  scope: Scope,
  edge: { childId: number; parentId: number; kind: EdgeKind },
): Promise<EdgeRow | null> {
  const rows = await db
    .select()
    .from(edges)
    .where(
      and(
        eq(edges.workspaceId, scope.workspaceId),
        eq(edges.childId, edge.childId),
        eq(edges.parentId, edge.parentId),
        eq(edges.kind, edge.kind),
        isNull(edges.supersededAt),
      ),
    )
  return rows[0] ?? null
}
