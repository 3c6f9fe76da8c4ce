import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** A training run with where it ended. */
export interface EndedRun extends Record<string, unknown> {
  number: number
  seed: number | null
  config: Record<string, unknown>
  checkpoint_id: number
  step: number
}

/** Training runs of an experiment that finished with a checkpoint, each with its furthest one; the first run first. */
export async function listLastCheckpoints(db: Handle, scope: ProjectScope, experimentId: number): Promise<EndedRun[]> {
  return await db.execute<EndedRun>(sql`
    select r.number, r.seed, r.config, c.id as checkpoint_id, c.step
    from runs r
    cross join lateral (
      select id, step from checkpoints
      where workspace_id = ${scope.workspaceId} and run_id = r.id and deleted_at is null
      order by step desc, id desc limit 1
    ) c
    where r.workspace_id = ${scope.workspaceId} and r.project_id = ${scope.projectId} and r.experiment_id = ${experimentId}
      and r.kind = 'train' and r.state = 'finished' and r.deleted_at is null
    order by r.number`)
}
