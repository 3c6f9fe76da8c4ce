import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** An experiment and all that has a live edge down from it, over any number of projects of the workspace. */
export async function listDescendants(db: Handle, scope: Scope, experimentId: number): Promise<number[]> {
  const rows = await db.execute<{ id: number }>(sql`
    with recursive below(id) as (
      select ${experimentId}::bigint
      union
      select e.child_id from edges e join below b on e.parent_id = b.id
      where e.workspace_id = ${scope.workspaceId} and e.superseded_at is null
    ) select id from below order by id`)
  return rows.map((row) => row.id)
}
