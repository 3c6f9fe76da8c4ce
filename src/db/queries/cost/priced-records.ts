import { and, desc, eq } from 'drizzle-orm'
import { pricedRecords } from '#src/db/schema/prices.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type PricedRecordRow = typeof pricedRecords.$inferSelect
export type NewPricedRecord = Omit<typeof pricedRecords.$inferInsert, 'id' | 'workspaceId' | 'projectId' | 'createdAt'>

/** Totals that were reckoned once, the newest first. */
export async function listPricedRecords(db: Handle, scope: ProjectScope, limit = 500): Promise<PricedRecordRow[]> {
  return await db
    .select()
    .from(pricedRecords)
    .where(and(eq(pricedRecords.workspaceId, scope.workspaceId), eq(pricedRecords.projectId, scope.projectId)))
    .orderBy(desc(pricedRecords.id))
    .limit(limit)
}

/** Keeps a total. */
export async function insertPricedRecord(
  db: Handle,
  scope: ProjectScope,
  record: NewPricedRecord,
): Promise<PricedRecordRow> {
  const [row] = await db
    .insert(pricedRecords)
    .values({ ...record, workspaceId: scope.workspaceId, projectId: scope.projectId })
    .returning()
  if (!row) throw new Error('an insert that returned no row')
  return row
}
