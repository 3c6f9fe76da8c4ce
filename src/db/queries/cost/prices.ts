import { and, asc, eq, lte } from 'drizzle-orm'
import { prices } from '#src/db/schema/prices.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type PriceRow = typeof prices.$inferSelect
export type NewPrice = Omit<typeof prices.$inferInsert, 'id' | 'workspaceId' | 'createdAt'>

/** Prices of a book in the order in which they were recorded, all or those recorded up to a time (RFC 3339). */
export async function listPrices(db: Handle, scope: Scope, book: string, asOf: string | null): Promise<PriceRow[]> {
  return await db
    .select()
    .from(prices)
    .where(
      and(
        eq(prices.workspaceId, scope.workspaceId),
        eq(prices.book, book),
        asOf === null ? undefined : lte(prices.createdAt, asOf),
      ),
    )
    .orderBy(asc(prices.id))
}

/** Records prices, in their order. */
export async function insertPrices(db: Handle, scope: Scope, rows: readonly NewPrice[]): Promise<void> {
  if (rows.length === 0) return
  await db.insert(prices).values(rows.map((row) => ({ ...row, workspaceId: scope.workspaceId })))
}
