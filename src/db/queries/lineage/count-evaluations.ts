import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** How many standing evaluations the checkpoints of each experiment have. */
export async function countEvaluations(db: Handle, scope: ProjectScope): Promise<Map<number, number>> {
  const rows = await db.execute<{ experiment_id: number; n: number }>(sql`
    select c.experiment_id, count(*)::int as n
    from evaluations e join checkpoints c on c.id = e.checkpoint_id
    where e.workspace_id = ${scope.workspaceId} and e.project_id = ${scope.projectId} and e.status = 'complete'
      and e.superseded_by is null and c.deleted_at is null
    group by c.experiment_id`)
  return new Map(rows.map((row) => [row.experiment_id, row.n]))
}
