import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Names by which checkpoints of a project can be found: locations and slugs of stages that have one, the newest first. */
export async function listKnownNames(db: Handle, scope: ProjectScope, limit: number): Promise<string[]> {
  const rows = await db.execute<{ name: string }>(sql`
    select name from (
      select c.location as name, max(c.id) as at from checkpoints c
      where c.workspace_id = ${scope.workspaceId} and c.project_id = ${scope.projectId} and c.deleted_at is null
        and c.location is not null
      group by c.location
      union all
      select x.slug, max(c.id) from checkpoints c join experiments x on x.id = c.experiment_id
      where c.workspace_id = ${scope.workspaceId} and c.project_id = ${scope.projectId} and c.deleted_at is null
      group by x.slug
    ) names
    order by at desc limit ${limit}`)
  return rows.map((row) => row.name)
}
