import { sql } from 'drizzle-orm'
import type { StageKind } from '../../../core/experiments/stage-kinds.ts'
import type { RunState } from '../../../core/runs/states.ts'
import type { Scope } from '../../scope.ts'
import type { Handle } from '../handle.ts'
import { holdsAll, inside, rankOf, type Sought } from './everything.ts'

export interface FoundRun extends Record<string, unknown> {
  project: string
  uid: string
  number: number
  name: string
  state: RunState
  stage: string
  stage_kind: StageKind
  is_unstaged: boolean
  /** Why it was found, where neither number nor name says it. */
  tag: string | null
  config_key: string | null
  config_value: string | null
  found: number
}

/** Runs with such a value in their config that are looked at: a common one means none of them. */
const VALUED_MAX = 200
/** So many times as many runs as are shown are looked at, to show those that train before those that evaluate. */
const CANDIDATES = 5

/**
 * Runs by their number, by words of their name, by a tag or by a value of their config that is exactly the text; best first, then those
 * that train, then the newest. Deleted and archived ones never. Names are read off an index that holds them; what it does not hold (kind,
 * tags) is asked of the first ones alone.
 *
 * @param sought.number the text as a number, null when it is none
 */
export async function findRunsNamed(
  db: Handle,
  scope: Scope,
  sought: Sought & { number: number | null; isRunNumber: boolean },
): Promise<FoundRun[]> {
  const { words, text, exact, projectId, limit, number, isRunNumber } = sought
  const runNumber = isRunNumber ? number : null
  const isMine = sql`r.workspace_id = ${scope.workspaceId} and ${inside(sql`r.project_id`, projectId)}
    and r.deleted_at is null and r.archived_at is null`
  return db.execute<FoundRun>(sql`
    with valued as (
      select v.run_id, min(k.path) as path, min(v.value) as value
      from (
        (select c.run_id, c.key_id, c.text as value from config_values c
          where c.text = ${exact}::text and ${inside(sql`c.project_id`, projectId)} limit ${VALUED_MAX})
        union all
        (select c.run_id, c.key_id, c.number::text from config_values c
          where ${number}::float8 is not null and c.number = ${number}::float8 and ${inside(sql`c.project_id`, projectId)}
          limit ${VALUED_MAX})
      ) v
      join config_keys k on k.id = v.key_id and k.workspace_id = ${scope.workspaceId}
      group by v.run_id
    ), tagged as (
      select t.run_id from run_tags t
      where t.tag in (${exact}::text, ${text}::text) and ${inside(sql`t.project_id`, projectId)}
    ), found as (
      select r.id,
        case when r.number = ${runNumber}::int then 0
          when ${holdsAll(sql`r.name`, words)} then 1 + ${rankOf(sql`r.name`, text)}
          when r.id in (select run_id from tagged) then 4
          else 5 end as place
      from runs r
      where ${isMine}
        and (r.number = ${runNumber}::int or ${holdsAll(sql`r.name`, words)}
          or r.id in (select run_id from tagged) or r.id in (select run_id from valued))
    ), first as (
      select id, place, count(*) over ()::int as found from found order by place, id desc limit ${limit * CANDIDATES}
    )
    select p.slug as project, r.uid, r.number, r.name, r.state, x.name as stage, x.stage_kind, x.is_unstaged,
      case when f.place = 4 then case when ${exact}::text = any(r.tags) then ${exact}::text else ${text}::text end end as tag,
      case when f.place = 5 then v.path end as config_key,
      case when f.place = 5 then v.value end as config_value, f.found
    from first f
    join runs r on r.id = f.id
    join projects p on p.id = r.project_id
    join experiments x on x.id = r.experiment_id
    left join valued v on v.run_id = r.id
    order by f.place, r.kind = 'evaluate', f.id desc limit ${limit}`)
}
