import { sql } from 'drizzle-orm'
import { definitionEdits } from '#src/db/schema/evaluations.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export type NewDefinitionEdit = Pick<typeof definitionEdits.$inferInsert, 'field' | 'before' | 'after' | 'editedBy'>

/** Notes what was changed of a benchmark or a protocol. */
export async function insertDefinitionEdits(
  db: Handle,
  scope: Scope,
  of: { benchmarkId: number } | { protocolId: number },
  edits: readonly NewDefinitionEdit[],
): Promise<void> {
  if (edits.length > 0)
    await db.insert(definitionEdits).values(edits.map((edit) => ({ ...edit, ...of, workspaceId: scope.workspaceId })))
}

export interface DefinitionEditRow extends Record<string, unknown> {
  at: string
  by: string
  field: string
  before: string | number | boolean | null
  after: string | number | boolean | null
}

/** Edits of a benchmark or a protocol with the names of who made them, the newest first, at most 200. */
export async function listDefinitionEdits(
  db: Handle,
  scope: Scope,
  of: { benchmarkId: number } | { protocolId: number },
): Promise<DefinitionEditRow[]> {
  const which = 'benchmarkId' in of ? sql`e.benchmark_id = ${of.benchmarkId}` : sql`e.protocol_id = ${of.protocolId}`
  return await db.execute<DefinitionEditRow>(sql`
    select e.created_at as at, e.field, e.before, e.after, coalesce(u.name, k.name, e.edited_by) as by
    from definition_edits e
    left join users u on e.edited_by = 'user:' || u.id
    left join api_keys k on e.edited_by = 'key:' || k.id and k.workspace_id = e.workspace_id
    where e.workspace_id = ${scope.workspaceId} and ${which}
    order by e.id desc limit 200`)
}
