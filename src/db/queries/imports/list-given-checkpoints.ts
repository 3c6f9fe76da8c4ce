import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface GivenCheckpoint extends Record<string, unknown> {
  id: number
  uid: string
  step: number
  location: string
}

/** Checkpoints of an experiment that came without a run, by step. */
export async function listGivenCheckpoints(
  db: Handle,
  scope: ProjectScope,
  experimentId: number,
): Promise<GivenCheckpoint[]> {
  return await db.execute<GivenCheckpoint>(sql`
    select id, uid, step, location from checkpoints
    where workspace_id = ${scope.workspaceId} and project_id = ${scope.projectId} and experiment_id = ${experimentId}
      and run_id is null and deleted_at is null and location is not null
    order by step, id`)
}
