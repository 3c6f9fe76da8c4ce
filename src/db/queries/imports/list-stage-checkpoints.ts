import { sql } from 'drizzle-orm'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { NamedCheckpoint } from './list-named-checkpoints.ts'

/** Checkpoints of a stage, or the one that was saved last at a step; the furthest step first, of equal steps the newest. */
export async function listStageCheckpoints(
  db: Handle,
  scope: ProjectScope,
  experimentId: number,
  of: { step: number } | { id: number },
): Promise<NamedCheckpoint[]> {
  const which = 'step' in of ? sql`c.step = ${of.step}` : sql`c.id = ${of.id}`
  return await db.execute<NamedCheckpoint>(sql`
    select c.id, c.uid, c.step, c.location,
      json_build_object('number', x.number, 'slug', x.slug, 'name', x.name, 'stage_kind', x.stage_kind, 'project', p.slug)
        as experiment
    from checkpoints c
    join experiments x on x.id = c.experiment_id join projects p on p.id = x.project_id
    where c.workspace_id = ${scope.workspaceId} and c.project_id = ${scope.projectId} and c.experiment_id = ${experimentId}
      and c.deleted_at is null and ${which}
    order by c.step desc, c.id desc limit 1`)
}
