import { sql } from 'drizzle-orm'
import { JOB_END_STATES } from '#src/core/agents/job-states.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Who needs a checkpoint: a live edge of a child, a job that has not ended, or the stage that has it pinned. */
export interface CheckpointUse extends Record<string, unknown> {
  kind: 'edge' | 'job' | 'pin'
  checkpoint_id: number
  /** Uid of the job; null for the others. */
  job: string | null
  /** The child, the job's experiment, or the one that pins. */
  project: string
  slug: string
  number: number
}

/** Everything that stands on these checkpoints, children first. */
export async function listCheckpointUses(
  db: Handle,
  scope: Scope,
  checkpointIds: readonly number[],
): Promise<CheckpointUse[]> {
  if (checkpointIds.length === 0) return []
  const ids = sql`any(${sql.param([...checkpointIds])}::bigint[])`
  return await db.execute<CheckpointUse>(sql`
    select u.kind, u.checkpoint_id, u.job, p.slug as project, x.slug, x.number
    from (
      select 'edge' as kind, e.checkpoint_id, null::uuid as job, e.child_id as experiment_id
      from edges e where e.workspace_id = ${scope.workspaceId} and e.superseded_at is null and e.checkpoint_id = ${ids}
      union
      select 'job', i.checkpoint_id, j.uid, j.experiment_id
      from job_inputs i join jobs j on j.id = i.job_id
      where i.workspace_id = ${scope.workspaceId} and i.checkpoint_id = ${ids} and j.state not in ${[...JOB_END_STATES]}
      union
      select 'pin', s.pinned_checkpoint_id, null, s.id
      from experiments s where s.workspace_id = ${scope.workspaceId} and s.pinned_checkpoint_id = ${ids}
    ) u
    join experiments x on x.id = u.experiment_id join projects p on p.id = x.project_id
    order by u.kind, x.id, u.job`)
}
