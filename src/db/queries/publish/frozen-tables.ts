import { and, eq, sql } from 'drizzle-orm'
import type { FrozenChoice, FrozenDocument } from '#src/core/publish/frozen.ts'
import { frozenTables } from '#src/db/schema/frozen-tables.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type NewFrozenTable = Pick<
  typeof frozenTables.$inferInsert,
  'uid' | 'title' | 'choice' | 'document' | 'createdBy'
>

/** Keeps a table as it stands. */
export async function insertFrozenTable(db: Handle, scope: ProjectScope, row: NewFrozenTable): Promise<void> {
  await db.insert(frozenTables).values({ ...row, workspaceId: scope.workspaceId, projectId: scope.projectId })
}

export interface FrozenTableRow extends Record<string, unknown> {
  id: number
  uid: string
  title: string
  choice: FrozenChoice
  created_by: string
  by: string
  at: string
}

/** Frozen tables of the project without their cells, the newest first, at most 500. */
export async function listFrozenTables(db: Handle, scope: ProjectScope): Promise<FrozenTableRow[]> {
  return await db.execute<FrozenTableRow>(sql`${head(scope)} order by f.id desc limit 500`)
}

/** One of them with its cells; null: there is none of this id. */
export async function findFrozenTable(
  db: Handle,
  scope: ProjectScope,
  uid: string,
): Promise<(FrozenTableRow & { document: FrozenDocument }) | null> {
  const [row] = await db.execute<FrozenTableRow>(sql`${head(scope)} and f.uid = ${uid}`)
  const [whole] = row
    ? await db
        .select({ document: frozenTables.document })
        .from(frozenTables)
        .where(and(eq(frozenTables.workspaceId, scope.workspaceId), eq(frozenTables.id, row.id)))
    : []
  return row && whole ? { ...row, document: whole.document } : null
}

const head = (scope: ProjectScope) => sql`
  select f.id, f.uid, f.title, f.choice, f.created_by, f.created_at as at, coalesce(u.name, k.name, f.created_by) as by
  from frozen_tables f
  left join users u on f.created_by = 'user:' || u.id
  left join api_keys k on f.created_by = 'key:' || k.id and k.workspace_id = f.workspace_id
  where f.workspace_id = ${scope.workspaceId} and f.project_id = ${scope.projectId}`

/** Takes it away for good. */
export async function deleteFrozenTable(db: Handle, scope: ProjectScope, id: number): Promise<void> {
  await db
    .delete(frozenTables)
    .where(
      and(
        eq(frozenTables.workspaceId, scope.workspaceId),
        eq(frozenTables.projectId, scope.projectId),
        eq(frozenTables.id, id),
      ),
    )
}
