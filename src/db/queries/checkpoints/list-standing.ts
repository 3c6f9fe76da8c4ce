import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface StandingCheckpoint extends Record<string, unknown> {
  id: number
  uid: string
  step: number
  tokens: number | null
}

/**
 * Checkpoints of a run that its present course passed, by step: no later attempt began at or before their step. Those that one left
 * behind keep the values of their own attempt.
 */
export async function listStandingCheckpoints(
  db: Handle,
  scope: ProjectScope,
  runId: number,
): Promise<StandingCheckpoint[]> {
  return await db.execute<StandingCheckpoint>(sql`
    select c.id, c.uid, c.step, c.tokens from checkpoints c
    where c.workspace_id = ${scope.workspaceId} and c.project_id = ${scope.projectId} and c.run_id = ${runId}
      and c.deleted_at is null and not exists (
        select 1 from attempts a where a.workspace_id = c.workspace_id and a.run_id = c.run_id and a.number > c.attempt
          and a.first_step <= c.step)
    order by c.step, c.id`)
}
