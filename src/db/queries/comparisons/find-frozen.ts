import { and, eq } from 'drizzle-orm'
import { comparisons } from '#src/db/schema/comparisons.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** The numbers of a comparison as they stood when it was frozen; null: it is live. */
export async function findFrozen(db: Handle, scope: Scope, id: number): Promise<Record<string, unknown> | null> {
  const [row] = await db
    .select({ frozen: comparisons.frozen })
    .from(comparisons)
    .where(and(eq(comparisons.workspaceId, scope.workspaceId), eq(comparisons.id, id)))
  return row?.frozen ?? null
}
