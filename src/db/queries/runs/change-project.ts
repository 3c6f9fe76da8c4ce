import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** Where a run comes to be. */
export interface NewHome {
  scope: ProjectScope
  experimentId: number
  number: number
}

/**
 * Puts a run with everything that tells its project into an experiment of another project of the workspace: checkpoints with their
 * evaluations, artifacts, uploads, notes, cost entries, jobs that have ended and summaries; a trigger carries what searches read.
 *
 * One statement, because the foreign keys of these tables hold run and project together and are looked at where it ends. The caller
 * holds the run.
 */
export async function changeProjectOfRun(
  db: Handle,
  scope: ProjectScope,
  runId: number,
  { scope: to, experimentId, number }: NewHome,
): Promise<void> {
  const mine = sql`workspace_id = ${scope.workspaceId} and project_id = ${scope.projectId} and run_id = ${runId}`
  await db.execute(sql`
    with moved_checkpoints as (
      update checkpoints set project_id = ${to.projectId}, experiment_id = ${experimentId} where ${mine}
    ), moved_evaluations as (
      update evaluations e set project_id = ${to.projectId} from checkpoints c
      where c.workspace_id = ${scope.workspaceId} and c.run_id = ${runId} and e.checkpoint_id = c.id and e.workspace_id = c.workspace_id
    ), moved_artifacts as (
      update artifacts set project_id = ${to.projectId} where ${mine}
    ), moved_uploads as (
      update uploads set project_id = ${to.projectId} where ${mine}
    ), moved_notes as (
      update notes set project_id = ${to.projectId} where ${mine}
    ), moved_entries as (
      update cost_entries set project_id = ${to.projectId}, experiment_id = ${experimentId} where ${mine}
    ), moved_jobs as (
      update jobs set project_id = ${to.projectId}, experiment_id = ${experimentId} where ${mine}
    ), moved_summaries as (
      update metric_latest set project_id = ${to.projectId} where run_id = ${runId}
    )
    update runs set project_id = ${to.projectId}, experiment_id = ${experimentId}, number = ${number}
    where workspace_id = ${scope.workspaceId} and project_id = ${scope.projectId} and id = ${runId}`)
}
