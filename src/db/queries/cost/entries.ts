import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import { costEntries } from '#src/db/schema/prices.ts'
import type { ProjectScope, Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type EntryRow = typeof costEntries.$inferSelect
export type NewEntry = Omit<
  typeof costEntries.$inferInsert,
  'id' | 'workspaceId' | 'projectId' | 'createdAt' | 'supersededBy'
>

/** Standing entries of experiments, in any project of the workspace, oldest first. */
export async function listEntries(db: Handle, scope: Scope, experimentIds: readonly number[]): Promise<EntryRow[]> {
  if (experimentIds.length === 0) return []
  return await db
    .select()
    .from(costEntries)
    .where(
      and(
        eq(costEntries.workspaceId, scope.workspaceId),
        inArray(costEntries.experimentId, [...experimentIds]),
        isNull(costEntries.supersededBy),
      ),
    )
    .orderBy(asc(costEntries.id))
}

/** Entries of an experiment with those that were corrected, oldest first. */
export async function listAllEntries(db: Handle, scope: ProjectScope, experimentId: number): Promise<EntryRow[]> {
  return await db
    .select()
    .from(costEntries)
    .where(
      and(
        eq(costEntries.workspaceId, scope.workspaceId),
        eq(costEntries.projectId, scope.projectId),
        eq(costEntries.experimentId, experimentId),
      ),
    )
    .orderBy(asc(costEntries.id))
}

/** Entries of a project with those that were corrected, oldest first. */
export async function listProjectEntries(db: Handle, scope: ProjectScope): Promise<EntryRow[]> {
  return await db
    .select()
    .from(costEntries)
    .where(and(eq(costEntries.workspaceId, scope.workspaceId), eq(costEntries.projectId, scope.projectId)))
    .orderBy(asc(costEntries.id))
}

/** An entry of the project by its outside id, locked until the transaction ends. */
export async function lockEntry(db: Handle, scope: ProjectScope, uid: string): Promise<EntryRow | null> {
  const rows = await db
    .select()
    .from(costEntries)
    .where(
      and(
        eq(costEntries.workspaceId, scope.workspaceId),
        eq(costEntries.projectId, scope.projectId),
        eq(costEntries.uid, uid),
      ),
    )
    .for('update')
  return rows[0] ?? null
}

/** Adds an entry. */
export async function insertEntry(db: Handle, scope: ProjectScope, entry: NewEntry): Promise<EntryRow> {
  const [row] = await db
    .insert(costEntries)
    .values({ ...entry, workspaceId: scope.workspaceId, projectId: scope.projectId })
    .returning()
  if (!row) throw new Error('an insert that returned no row')
  return row
}

/** Says which entry corrects another; the other stays readable. */
export async function supersedeEntry(db: Handle, scope: ProjectScope, id: number, by: number): Promise<void> {
  await db
    .update(costEntries)
    .set({ supersededBy: by })
    .where(
      and(
        eq(costEntries.workspaceId, scope.workspaceId),
        eq(costEntries.projectId, scope.projectId),
        eq(costEntries.id, id),
      ),
    )
}
