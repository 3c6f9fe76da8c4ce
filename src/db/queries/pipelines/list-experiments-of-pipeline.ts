import { sql } from 'drizzle-orm'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export interface PipelineExperimentRow {
  id: number
  number: number
  /** Number of the weight parent inside the same project; null at a root. */
  parent: number | null
  runIds: number[]
  checkpoints: number
  evaluations: number
}

/** The experiments that a pipeline has jobs for, in the order of their numbers, with what hangs on them. */
export async function listExperimentsOfPipeline(
  db: Handle,
  scope: ProjectScope,
  pipelineId: number,
): Promise<PipelineExperimentRow[]> {
  const rows = await db.execute<{
    id: string
    number: number
    parent: number | null
    run_ids: number[]
    checkpoints: string
    evaluations: string
  }>(sql`
    select x.id, x.number,
      (select p.number from edges e join experiments p on p.id = e.parent_id and p.project_id = x.project_id
        where e.workspace_id = ${scope.workspaceId} and e.child_id = x.id and e.superseded_at is null and e.kind in ('init', 'adapter_on', 'merge')
        order by e.id limit 1) as parent,
      (select coalesce(jsonb_agg(r.id order by r.id), '[]') from runs r
        where r.workspace_id = ${scope.workspaceId} and r.experiment_id = x.id and r.deleted_at is null) as run_ids,
      (select count(*) from checkpoints c where c.workspace_id = ${scope.workspaceId} and c.experiment_id = x.id and c.deleted_at is null) as checkpoints,
      (select count(*) from evaluations v join checkpoints c on c.id = v.checkpoint_id
        where v.workspace_id = ${scope.workspaceId} and c.experiment_id = x.id and v.status = 'complete' and v.superseded_by is null) as evaluations
    from experiments x
    where x.workspace_id = ${scope.workspaceId} and x.project_id = ${scope.projectId}
      and x.id in (select j.experiment_id from jobs j where j.workspace_id = ${scope.workspaceId} and j.pipeline_id = ${pipelineId})
    order by x.number`)
  return rows.map((row) => ({
    id: Number(row.id),
    number: Number(row.number),
    parent: row.parent === null ? null : Number(row.parent),
    runIds: row.run_ids.map(Number),
    checkpoints: Number(row.checkpoints),
    evaluations: Number(row.evaluations),
  }))
}
