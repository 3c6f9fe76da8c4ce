import { sql } from 'drizzle-orm'
import type { ProjectScope } from '../../scope.ts'
import type { Handle } from '../handle.ts'

export interface HeldRow extends Record<string, unknown> {
  id: number
  run_id: number
  run_number: number
  attempt: number
  device_kind: 'gpu' | 'cpu'
  device_name: string
  count: number
  provider: string | null
  region: string | null
  commitment: string | null
  started_at: string
  /** An open one ends with its run, and not yet while that is alive. */
  ended_at: string | null
  /** Its own end is told: it will not change. */
  is_over: boolean
}

/** Allocations of one answer. */
const HELD_MAX = 2_000

/** What runs of a project held, deleted ones left out, the next ones after an id. */
export async function listHeld(db: Handle, scope: ProjectScope, after: number): Promise<HeldRow[]> {
  return db.execute<HeldRow>(sql`
    select a.id, a.run_id, r.number as run_number, a.attempt, a.device_kind, a.device_name, a.count, a.provider, a.region, a.commitment,
      a.started_at, coalesce(a.ended_at, case when r.state not in ('running', 'lost') then coalesce(r.ended_at, a.started_at) end) as ended_at,
      a.ended_at is not null as is_over
    from allocations a join runs r on r.id = a.run_id
    where r.workspace_id = ${scope.workspaceId}::int and r.project_id = ${scope.projectId}::int and r.deleted_at is null and a.id > ${after}::bigint
    order by a.id limit ${HELD_MAX}`)
}

/** Amounts that were recorded for single runs of a project, people's time left out. */
export async function listRunEntries(
  db: Handle,
  scope: ProjectScope,
): Promise<{ run_id: number; amount: string; currency: string }[]> {
  return db.execute<{ run_id: number; amount: string; currency: string }>(sql`
    select run_id, amount::text as amount, currency from cost_entries
    where workspace_id = ${scope.workspaceId}::int and project_id = ${scope.projectId}::int and run_id is not null
      and superseded_by is null and kind <> 'people'`)
}

/** Changes when something was added, or a run went to another project, that costs or evaluations are reckoned from, here or elsewhere. */
export async function reckoningStamp(db: Handle): Promise<string> {
  const [row] = await db.execute<{ stamp: string }>(sql`
    select concat_ws(' ', (select max(id) from allocations), (select max(id) from cost_entries), (select max(id) from prices),
      (select max(id) from evaluations), (select max(id) from checkpoints), (select max(id) from edges),
      (select max(id) from aliases)) as stamp`)
  return row?.stamp ?? ''
}
