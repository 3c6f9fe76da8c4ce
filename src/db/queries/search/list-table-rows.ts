import { sql } from 'drizzle-orm'
import type { StageKind } from '../../../core/experiments/stage-kinds.ts'
import type { RunState } from '../../../core/runs/states.ts'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export interface TableRunRow extends Record<string, unknown> {
  id: number
  uid: string
  number: number
  name: string
  state: RunState
  tags: string[]
  run_group: string | null
  is_starred: boolean
  is_archived: boolean
  tokens: number | null
  created_at: string
  attempt: number | null
  agent: string | null
  seconds: number | null
  maker: string | null
  experiment_id: number
  stage_number: number
  stage_name: string
  stage_kind: StageKind
  stage_owner: string | null
}

/** Runs of a project by id or by number, deleted ones left out, with what every row of the table shows; in no order. */
export async function listTableRows(
  db: Handle,
  scope: ProjectScope,
  of: { ids: readonly number[] } | { numbers: readonly number[] },
  now: number,
): Promise<TableRunRow[]> {
  const named =
    'ids' in of
      ? sql`r.id = any(${sql.param([...of.ids])}::bigint[])`
      : sql`r.number = any(${sql.param([...of.numbers])}::int[])`
  return db.execute<TableRunRow>(sql`
    select r.id, r.uid, r.number, r.name, r.state, r.tags, r.run_group, r.is_starred, r.archived_at is not null as is_archived, r.tokens, r.created_at,
      a.number as attempt, g.name as agent, w.seconds,
      case split_part(r.created_by, ':', 1)
        when 'key' then (select k.name from api_keys k where k.workspace_id = r.workspace_id and k.id = split_part(r.created_by, ':', 2)::bigint)
        when 'user' then (select u.name from users u where u.id = split_part(r.created_by, ':', 2)::bigint)
      end as maker,
      x.id as experiment_id, x.number as stage_number, x.name as stage_name, x.stage_kind, x.owner as stage_owner
    from runs r
    join experiments x on x.id = r.experiment_id
    left join lateral (select number, agent_id from attempts where run_id = r.id order by number desc limit 1) a on true
    left join agents g on g.id = a.agent_id
    left join lateral (
      select sum(greatest(0, extract(epoch from coalesce(t.ended_at,
        case when r.state in ('running', 'lost') then to_timestamp(${now}::float8 / 1000) else t.started_at end) - t.started_at)))::float8 as seconds
      from attempts t where t.run_id = r.id and t.started_at is not null
    ) w on true
    where r.workspace_id = ${scope.workspaceId}::int and r.project_id = ${scope.projectId}::int and r.deleted_at is null and ${named}`)
}
