import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'
import type { SpeakingRunRow } from '../runs/list-speaking-runs.ts'

export interface ComparedRunRow extends SpeakingRunRow {
  uid: string
  name: string
  total_steps: number | null
}

/** Runs of any project of the workspace by their ids, with config and time; deleted ones are none. */
export async function listComparedRuns(db: Handle, scope: Scope, ids: readonly number[]): Promise<ComparedRunRow[]> {
  if (ids.length === 0) return []
  return await db.execute<ComparedRunRow>(sql`
    select r.experiment_id, r.id, r.uid, r.number, r.name, r.state, r.config, r.seed, r.last_step, r.total_steps,
      r.tokens, w.wall_s
    from runs r
    left join lateral (
      select sum(extract(epoch from coalesce(ended_at, case when r.state in ('running', 'lost') then now() end,
        r.ended_at, started_at) - started_at))::float8 as wall_s
      from attempts where workspace_id = ${scope.workspaceId} and run_id = r.id and started_at is not null
    ) w on true
    where r.workspace_id = ${scope.workspaceId} and r.id in ${[...ids]} and r.deleted_at is null`)
}
