import { and, eq, sql } from 'drizzle-orm'
import { comparisons } from '#src/db/schema/comparisons.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type ComparisonEdit = Partial<Pick<typeof comparisons.$inferInsert, 'title' | 'frozen' | 'frozenAt'>>

/** Changes a comparison that still has this revision; false when somebody was first. */
export async function updateComparison(
  db: Handle,
  scope: Scope,
  of: { id: number; revision: number },
  change: ComparisonEdit,
): Promise<boolean> {
  const changed = await db
    .update(comparisons)
    .set({ ...change, revision: sql`${comparisons.revision} + 1`, updatedAt: sql`now()` })
    .where(
      and(
        eq(comparisons.workspaceId, scope.workspaceId),
        eq(comparisons.id, of.id),
        eq(comparisons.revision, of.revision),
      ),
    )
    .returning({ id: comparisons.id })
  return changed.length > 0
}

/** Writes the numbers as they stand into a comparison that was just made. */
export async function freezeComparison(
  db: Handle,
  scope: Scope,
  id: number,
  frozen: Record<string, unknown>,
  at: string,
): Promise<void> {
  await db
    .update(comparisons)
    .set({ frozen, frozenAt: at })
    .where(and(eq(comparisons.workspaceId, scope.workspaceId), eq(comparisons.id, id)))
}

/** Writes other numbers into a frozen comparison; when it was frozen stays as it was. */
export async function replaceFrozen(
  db: Handle,
  scope: Scope,
  id: number,
  frozen: Record<string, unknown>,
): Promise<void> {
  await db
    .update(comparisons)
    .set({ frozen })
    .where(and(eq(comparisons.workspaceId, scope.workspaceId), eq(comparisons.id, id)))
}
