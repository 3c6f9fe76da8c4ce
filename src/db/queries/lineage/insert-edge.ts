import { edges } from '#src/db/schema/lineage.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type NewEdge = Omit<typeof edges.$inferInsert, 'id' | 'workspaceId' | 'createdAt' | 'supersededAt'>

/** Adds an edge; a trigger refuses one that closes a cycle (constraint `edges_acyclic`). */
export async function insertEdge(db: Handle, scope: Scope, edge: NewEdge): Promise<number> {
  const [row] = await db
    .insert(edges)
    .values({ ...edge, workspaceId: scope.workspaceId })
    .returning({ id: edges.id })
  if (!row) throw new Error('an insert that returned no row')
  return row.id
}
