import { sql } from 'drizzle-orm'
import type { RunState } from '#src/core/runs/states.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface SpeakingRunRow extends Record<string, unknown> {
  experiment_id: number
  id: number
  number: number
  state: RunState
  config: Record<string, unknown>
  seed: number | null
  last_step: number | null
  tokens: number | null
  /** Seconds in its attempts, the present one up to now. */
  wall_s: number | null
}

/**
 * The training run that speaks for each of these experiments, of any project of the workspace, with its config: the newest at work,
 * else the newest that finished, else the newest.
 */
export async function listSpeakingRuns(
  db: Handle,
  scope: Scope,
  experimentIds: readonly number[],
): Promise<SpeakingRunRow[]> {
  if (experimentIds.length === 0) return []
  return await db.execute<SpeakingRunRow>(sql`
    select r.experiment_id, r.id, r.number, r.state, r.config, r.seed, r.last_step, r.tokens, w.wall_s
    from (
      select distinct on (experiment_id) * from runs
      where workspace_id = ${scope.workspaceId} and experiment_id in ${[...experimentIds]} and deleted_at is null
        and kind = 'train'
      order by experiment_id, (state in ('running', 'lost')) desc, (state = 'finished') desc,
        (started_at is not null) desc, number desc
    ) r
    left join lateral (
      select sum(extract(epoch from coalesce(ended_at, case when r.state in ('running', 'lost') then now() end,
        r.ended_at, started_at) - started_at))::float8 as wall_s
      from attempts where workspace_id = ${scope.workspaceId} and run_id = r.id and started_at is not null
    ) w on true`)
}
