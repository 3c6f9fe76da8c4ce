import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import { numbers } from '../array-literal.ts'
import type { Handle } from '../handle.ts'

export interface StageChoiceRow extends Record<string, unknown> {
  id: number
  uid: string
  experiment_id: number
  run_id: number | null
  attempt: number | null
  step: number
  tokens: number | null
  created_at: string
  /** How many checkpoints the experiment has. */
  total: number
  is_pinned: boolean
  /** A live edge of a child names it. */
  is_start: boolean
  /** Rank of its run among the experiment's finished training runs that wrote one, the newest 1; null otherwise. */
  finished_rank: number | null
}

/**
 * The checkpoints among which the checkpoint of each stage is chosen: pinned, named by children, the last of the newest
 * finished training run, and the newest without a run.
 */
export async function listStageChoices(
  db: Handle,
  scope: Scope,
  experimentIds: readonly number[],
): Promise<StageChoiceRow[]> {
  if (experimentIds.length === 0) return []
  return await db.execute<StageChoiceRow>(sql`
    with mine as (
      select c.id, c.uid, c.experiment_id, c.run_id, c.attempt, c.step, c.tokens, c.created_at,
        count(*) over (partition by c.experiment_id)::int as total,
        row_number() over (partition by c.experiment_id, c.run_id order by case when c.run_id is null then c.created_at end desc,
          case when c.run_id is not null then c.step end desc, c.attempt desc, c.id desc) as place,
        x.pinned_checkpoint_id = c.id as is_pinned,
        exists (select 1 from edges e where e.workspace_id = ${scope.workspaceId} and e.checkpoint_id = c.id
          and e.superseded_at is null) as is_start,
        case when r.kind = 'train' and r.state = 'finished' and r.deleted_at is null then r.number end as finished_number
      from checkpoints c join experiments x on x.id = c.experiment_id left join runs r on r.id = c.run_id
      where c.workspace_id = ${scope.workspaceId} and c.deleted_at is null and c.experiment_id = any(${numbers(experimentIds)}::bigint[])
    ), ranked as (
      select mine.*, case when finished_number is not null
        then dense_rank() over (partition by experiment_id order by finished_number desc nulls last)::int end as finished_rank
      from mine
    )
    select id, uid, experiment_id, run_id, attempt, step, tokens, created_at, total, coalesce(is_pinned, false) as is_pinned,
      is_start, finished_rank
    from ranked
    where is_pinned or is_start or (place = 1 and (finished_rank = 1 or finished_number is null))`)
}
