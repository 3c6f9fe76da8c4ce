import { sql } from 'drizzle-orm'
import type { Handle } from '#src/db/queries/handle.ts'
import type { Scope } from '#src/db/scope.ts'

/**
 * Gives waiting jobs the checkpoints that exist by now: of each experiment that they wait for and that no train job works on,
 * the pinned checkpoint, else the last of its newest finished training run, else its only one (an external base).
 *
 * @param experimentId only inputs from this experiment; all when absent
 * @param shut experiments whose gate holds up training that starts from them
 * @returns how many inputs were filled
 */
export async function resolveInputs(
  db: Handle,
  scope: Scope,
  { experimentId, shut }: { experimentId?: number | undefined; shut: readonly number[] },
): Promise<number> {
  const isHeld = shut.length === 0 ? sql`false` : sql`j.kind = 'train' and i.experiment_id in ${shut}`
  const one = experimentId === undefined ? sql`true` : sql`i.experiment_id = ${experimentId}`
  const rows = await db.execute(sql`
    with wanted as (
      select distinct i.experiment_id from job_inputs i join jobs j on j.id = i.job_id
      where i.workspace_id = ${scope.workspaceId} and i.checkpoint_id is null and j.state = 'waiting' and ${one}
    ), stage as (
      select x.id as experiment_id, coalesce(
        x.pinned_checkpoint_id,
        (select c.id from checkpoints c join runs r on r.id = c.run_id
          where c.experiment_id = x.id and c.deleted_at is null
            and r.kind = 'train' and r.state = 'finished' and r.deleted_at is null
          order by r.number desc, c.attempt desc, c.step desc limit 1),
        (select c.id from checkpoints c where c.experiment_id = x.id and c.run_id is null and c.deleted_at is null limit 1)
      ) as checkpoint_id
      from wanted w join experiments x on x.id = w.experiment_id
      where not exists (select 1 from jobs t where t.experiment_id = x.id and t.kind = 'train'
        and t.state not in ('finished', 'failed', 'canceled'))
    )
    update job_inputs i set checkpoint_id = stage.checkpoint_id
    from stage, jobs j
    where i.experiment_id = stage.experiment_id and stage.checkpoint_id is not null and i.checkpoint_id is null
      and i.workspace_id = ${scope.workspaceId} and j.id = i.job_id and j.state = 'waiting' and not (${isHeld})
    returning i.job_id`)
  return rows.length
}
