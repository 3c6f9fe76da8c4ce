import { sql } from 'drizzle-orm'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface HeldDeviceRow extends Record<string, unknown> {
  experiment_id: number
  device_kind: 'gpu' | 'cpu'
  device_name: string
  /** The most that one allocation held. */
  count: number
  /** Allocated by all runs of the experiment, evaluations included; open ones up to now. */
  hours: number
}

/** What runs of these experiments held, by device, the most hours first. */
export async function listHeldDevices(
  db: Handle,
  scope: Scope,
  experimentIds: readonly number[],
): Promise<HeldDeviceRow[]> {
  if (experimentIds.length === 0) return []
  return await db.execute<HeldDeviceRow>(sql`
    select r.experiment_id, a.device_kind, a.device_name, max(a.count)::int as count,
      (sum(extract(epoch from coalesce(a.ended_at, case when r.state in ('running', 'lost') then now() end,
        r.ended_at, a.started_at) - a.started_at) * a.count) / 3600)::float8 as hours
    from allocations a join runs r on r.id = a.run_id
    where a.workspace_id = ${scope.workspaceId} and r.workspace_id = ${scope.workspaceId}
      and r.experiment_id in ${[...experimentIds]} and r.deleted_at is null
    group by r.experiment_id, a.device_kind, a.device_name
    order by r.experiment_id, hours desc`)
}
