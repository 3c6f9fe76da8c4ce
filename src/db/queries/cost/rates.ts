import { and, asc, eq, lte } from 'drizzle-orm'
import { currencyRates } from '#src/db/schema/prices.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type RateRow = typeof currencyRates.$inferSelect
export type NewRate = Omit<typeof currencyRates.$inferInsert, 'id' | 'workspaceId' | 'createdAt'>

/** Rates of a book in the order in which they were recorded, all or those recorded up to a time (RFC 3339). */
export async function listRates(db: Handle, scope: Scope, book: string, asOf: string | null): Promise<RateRow[]> {
  return await db
    .select()
    .from(currencyRates)
    .where(
      and(
        eq(currencyRates.workspaceId, scope.workspaceId),
        eq(currencyRates.book, book),
        asOf === null ? undefined : lte(currencyRates.createdAt, asOf),
      ),
    )
    .orderBy(asc(currencyRates.id))
}

/** Records rates, in their order. */
export async function insertRates(db: Handle, scope: Scope, rows: readonly NewRate[]): Promise<void> {
  if (rows.length === 0) return
  await db.insert(currencyRates).values(rows.map((row) => ({ ...row, workspaceId: scope.workspaceId })))
}
