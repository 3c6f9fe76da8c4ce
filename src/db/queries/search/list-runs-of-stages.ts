import { sql } from 'drizzle-orm'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

/** How many runs each stage of a project has, those that are deleted or archived left out. */
export async function listRunsOfStages(
  db: Handle,
  scope: ProjectScope,
): Promise<{ experiment_id: number; runs: number }[]> {
  return db.execute<{ experiment_id: number; runs: number }>(sql`
    select r.experiment_id, count(*) as runs from runs r
    where r.workspace_id = ${scope.workspaceId}::int and r.project_id = ${scope.projectId}::int
      and r.deleted_at is null and r.archived_at is null
    group by r.experiment_id`)
}
